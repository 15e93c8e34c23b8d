import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Emulator } from "./emulator.ts";

/** What a queue of the emulator holds. */
export interface EmulatorQueueDepth {
  readonly name: string;
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** Looks at these queues: a run is over when they are empty. Close it when done. */
export function queueDepths(
  emulator: Pick<Emulator, "client">,
  names: readonly string[],
): { look(): Promise<readonly EmulatorQueueDepth[]>; close(): void } {
  const sqs = new SQSClient(emulator.client);
  const urls = new Map<string, string | undefined>();
  const lookAt = async (name: string): Promise<EmulatorQueueDepth> => {
    if (!urls.has(name))
      urls.set(name, (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl);
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: urls.get(name), AttributeNames: ["All"] }),
    );
    return {
      name,
      visible: Number(Attributes.ApproximateNumberOfMessages ?? 0),
      inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
      delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
    };
  };
  return { look: () => Promise.all(names.map(lookAt)), close: () => sqs.destroy() };
}

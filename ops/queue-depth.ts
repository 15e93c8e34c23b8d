import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** How many messages a queue holds, as SQS estimates it. */
export interface QueueDepth {
  readonly visible: number;
  /** Received by somebody, and neither deleted nor visible again. */
  readonly inFlight: number;
  readonly delayed: number;
}

/** A queue's address, by its name. Throws the SDK's error when there is none. */
export async function queueUrl(client: SQSClient, queueName: string): Promise<string> {
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: queueName }));
  return QueueUrl ?? queueName;
}

/** Asks SQS how deep a queue is. */
export async function queueDepth(client: SQSClient, url: string): Promise<QueueDepth> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesDelayed",
      ],
    }),
  );
  return {
    visible: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
  };
}

/** All messages of a queue, wherever they are. */
export function totalOf({ visible, inFlight, delayed }: QueueDepth): number {
  return visible + inFlight + delayed;
}

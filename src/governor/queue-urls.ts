import type { SQSClient } from "@aws-sdk/client-sqs";

/** Asks for each queue's address once. */
export function queueUrls(client: () => Promise<SQSClient>): (queue: string) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  const ask = async (QueueName: string) => {
    const { GetQueueUrlCommand } = await import("./sqs-sdk.ts");
    const { QueueUrl } = await (await client()).send(new GetQueueUrlCommand({ QueueName }));
    return QueueUrl ?? "";
  };
  return (queue) => {
    const url = known.get(queue) ?? ask(queue);
    url.catch(() => known.delete(queue));
    known.set(queue, url);
    return url;
  };
}

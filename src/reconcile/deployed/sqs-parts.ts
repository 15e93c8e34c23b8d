import type { SQSClient } from "@aws-sdk/client-sqs";
import { awsClient } from "../../aws-client.ts";
import { OmnibusError } from "../../errors.ts";
import { sqs } from "../../limits-of-aws.ts";
import type { PartQueue } from "../parts.ts";

/** A `PartQueue` over SQS. The SDK is loaded with the first parts: most jobs never have any. */
export function sqsParts({
  queueName,
  client: given,
}: {
  readonly queueName: string;
  /** @default one of this environment */
  readonly client?: SQSClient;
}): PartQueue {
  let opened: ReturnType<typeof open> | undefined;
  return {
    async send(messages) {
      opened ??= open(queueName, given);
      // What could not be opened is tried again by the next.
      opened.catch(() => {
        opened = undefined;
      });
      const { client, QueueUrl, SendMessageBatchCommand } = await opened;
      for (let at = 0; at < messages.length; at += sqs.batchEntries) {
        const some = messages.slice(at, at + sqs.batchEntries);
        const Entries = some.map((message, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify(message),
        }));
        const { Failed: [failed] = [] } = await client.send(
          new SendMessageBatchCommand({ QueueUrl, Entries }),
        );
        if (!failed) continue;
        throw new OmnibusError(
          "parts-not-sent",
          `${queueName} has not taken a part (${failed.Code}: ${failed.Message})`,
          { retryable: true },
        );
      }
    },
  };
}

async function open(QueueName: string, given: SQSClient | undefined) {
  const { GetQueueUrlCommand, SendMessageBatchCommand, SQSClient } = await import("./sqs-sdk.ts");
  const client = given ?? awsClient(SQSClient, { maxAttempts: 5 });
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName }));
  return { client, QueueUrl, SendMessageBatchCommand };
}

import type { SQSClient } from "@aws-sdk/client-sqs";
import { awsClient } from "../../aws-client.ts";
import { sqs } from "../../limits-of-aws.ts";
import { messageRecord } from "../../probing/index.ts";
import type { SqsRecord } from "../sqs-event.ts";
import type { Inbox } from "./ports.ts";

/** A second, so that SQS asks all of its servers: a queue that holds little shows it then. (sqs-short-and-long-polling) */
const waitSeconds = 1;

/** `Inbox` through the AWS SDK, which is loaded on first use. */
export function sqsInbox({
  queueArn,
  client: given,
}: {
  readonly queueArn: string;
  readonly client?: SQSClient;
}): Inbox {
  let opened: ReturnType<typeof open> | undefined;
  const queue = () => {
    const opening = opened ?? open(queueArn, given);
    // An address that was not to be had is asked for again.
    opening.catch(() => {
      opened = undefined;
    });
    opened = opening;
    return opening;
  };

  return {
    async waiting() {
      const { client, QueueUrl, sdk } = await queue();
      const AttributeNames = ["ApproximateNumberOfMessages" as const];
      const answer = await client.send(new sdk.GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      return Number(answer.Attributes?.ApproximateNumberOfMessages ?? 0);
    },
    async receive(max, hideSeconds) {
      const { client, QueueUrl, sdk } = await queue();
      const { Messages = [] } = await client.send(
        new sdk.ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: max,
          VisibilityTimeout: Math.min(hideSeconds, sqs.maxVisibilitySeconds),
          WaitTimeSeconds: waitSeconds,
          MessageSystemAttributeNames: ["All"],
          MessageAttributeNames: ["All"],
        }),
      );
      return Messages.map((message) => messageRecord(message, queueArn) as SqsRecord);
    },
    async delete(receiptHandles) {
      if (receiptHandles.length === 0) return;
      const Entries = receiptHandles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
      try {
        const { client, QueueUrl, sdk } = await queue();
        await client.send(new sdk.DeleteMessageBatchCommand({ QueueUrl, Entries }));
      } catch {
        // They come again.
      }
    },
  };
}

async function open(queueArn: string, given: SQSClient | undefined) {
  const sdk = await import("../sqs-sdk.ts");
  const client = given ?? awsClient(sdk.SQSClient, { maxAttempts: 3 });
  const [, , , , QueueOwnerAWSAccountId, QueueName] = queueArn.split(":");
  const { QueueUrl } = await client.send(new sdk.GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId }));
  return { client, QueueUrl, sdk };
}

import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { sqs } from "../src/limits-of-aws.ts";

/**
 * Looks at all visible messages of a queue and hands them back: `see` is called once per message, and when the look is
 * over, also after an error, every message is visible again. Looking is a receive: it adds to the receive count,
 * so this is for dead-letter queues, not for queues that work on a count.
 *
 * Messages stay invisible while the look lasts, at most `holdSeconds`. Answers how many were seen.
 *
 * @param waitSeconds How long an empty answer is waited for. 0 asks only some of AWS's servers; 1 asks all.
 */
export async function peekQueue({
  client,
  queueName,
  see,
  holdSeconds = 300,
  waitSeconds = 1,
}: {
  readonly client: SQSClient;
  readonly queueName: string;
  readonly see: (message: Message) => void;
  readonly holdSeconds?: number;
  readonly waitSeconds?: number;
}): Promise<number> {
  const { QueueUrl: queueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: queueName }));
  const held: string[] = [];
  try {
    for (;;) {
      const { Messages: messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: sqs.batchEntries,
          VisibilityTimeout: holdSeconds,
          WaitTimeSeconds: waitSeconds,
          MessageAttributeNames: ["All"],
          MessageSystemAttributeNames: ["All"],
        }),
      );
      if (messages.length === 0) return held.length;
      for (const message of messages) if (message.ReceiptHandle) held.push(message.ReceiptHandle);
      for (const message of messages) see(message);
    }
  } finally {
    await handBack(client, queueUrl, held);
  }
}

async function handBack(client: SQSClient, queueUrl: string | undefined, handles: readonly string[]) {
  for (let start = 0; start < handles.length; start += sqs.batchEntries) {
    const entries = handles
      .slice(start, start + sqs.batchEntries)
      .map((handle, index) => ({ Id: String(index), ReceiptHandle: handle, VisibilityTimeout: 0 }));
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
  }
}

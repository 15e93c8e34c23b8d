import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueUrlCommand,
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SQSClient,
  SQSServiceException,
} from "@aws-sdk/client-sqs";
import { awsClient } from "../aws-client.ts";
import { sqs } from "../limits-of-aws.ts";
import type { ConsumerQueues, DeadLetter, DelayEntry } from "./ports.ts";
import type { SqsAttribute } from "./sqs-event.ts";

/** `ConsumerQueues` through the AWS SDK. The client is made on first use; queue addresses are asked for once. */
export function sqsQueues({ client }: { client?: SQSClient } = {}): ConsumerQueues {
  let made = client;
  const urls = new Map<string, Promise<string>>();

  const sdk = () => {
    made ??= awsClient(SQSClient, { maxAttempts: 3 });
    return made;
  };
  const urlOf = (queueArn: string) => {
    const known = urls.get(queueArn);
    if (known) return known;
    const asked = askUrl(sdk(), queueArn);
    asked.catch(() => urls.delete(queueArn));
    urls.set(queueArn, asked);
    return asked;
  };

  return {
    async delay(queueArn, entries) {
      const calls = chunksOf(entries, () => 0).map(async (chunk) => {
        await sdk().send(
          new ChangeMessageVisibilityBatchCommand({
            QueueUrl: await urlOf(queueArn),
            Entries: chunk.map((entry: DelayEntry, index) => ({
              Id: String(index),
              ReceiptHandle: entry.receiptHandle,
              VisibilityTimeout: Math.min(entry.delaySeconds, sqs.maxVisibilitySeconds),
            })),
          }),
        );
      });
      await Promise.allSettled(calls);
    },

    async deadLetter(queueArn, letters) {
      const send = async (chunk: readonly DeadLetter[]): Promise<boolean[]> => {
        try {
          const answer = await sdk().send(
            new SendMessageBatchCommand({ QueueUrl: await urlOf(queueArn), Entries: chunk.map(toEntry) }),
          );
          const ids = new Set(answer.Successful?.map((entry) => entry.Id));
          return chunk.map((_, index) => ids.has(String(index)));
        } catch (error) {
          // One letter can spoil the call for all: alone, only that one is refused.
          if (chunk.length === 1 || !isRefusal(error)) return chunk.map(() => false);
          return (await Promise.all(chunk.map((letter) => send([letter])))).flat();
        }
      };
      const taken = await Promise.all(chunksOf(letters, bytesOf).map(send));
      return taken.flat();
    },
  };
}

/** Splits into batches that SQS takes in one call: by count, and by bytes. */
function chunksOf<T>(entries: readonly T[], bytes: (entry: T) => number): T[][] {
  const chunks: T[][] = [];
  let current: T[] = [];
  let currentBytes = 0;
  for (const entry of entries) {
    const size = bytes(entry);
    if (
      current.length === sqs.batchEntries ||
      (current.length > 0 && currentBytes + size > sqs.maxMessageBytes)
    ) {
      chunks.push(current);
      current = [];
      currentBytes = 0;
    }
    current.push(entry);
    currentBytes += size;
  }
  if (current.length > 0) chunks.push(current);
  return chunks;
}

function bytesOf(letter: DeadLetter): number {
  let bytes = Buffer.byteLength(letter.body);
  for (const [name, value] of Object.entries(letter.attributes)) {
    bytes += Buffer.byteLength(name + value.dataType + (value.stringValue ?? value.binaryValue ?? ""));
  }
  return bytes;
}

/** Whether the call was at fault, and not the way there. */
function isRefusal(error: unknown): boolean {
  return error instanceof SQSServiceException && error.$fault === "client";
}

function toEntry(letter: DeadLetter, index: number): SendMessageBatchRequestEntry {
  return {
    Id: String(index),
    MessageBody: letter.body,
    MessageAttributes: attributesOf(letter),
    ...(letter.groupId === undefined ? {} : { MessageGroupId: letter.groupId }),
    ...(letter.deduplicationId === undefined ? {} : { MessageDeduplicationId: letter.deduplicationId }),
  };
}

function attributesOf(letter: DeadLetter): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(letter.attributes).map(([name, value]) => [name, attributeOf(value)]),
  );
}

function attributeOf(value: SqsAttribute): MessageAttributeValue {
  return {
    DataType: value.dataType,
    ...(value.stringValue === undefined ? {} : { StringValue: value.stringValue }),
    ...(value.binaryValue === undefined ? {} : { BinaryValue: Buffer.from(value.binaryValue, "base64") }),
  };
}

/** `arn:aws:sqs:<region>:<account>:<name>` to the queue's address, wherever the endpoint is. */
async function askUrl(client: SQSClient, queueArn: string): Promise<string> {
  const [, , , , account, name] = queueArn.split(":");
  const { QueueUrl } = await client.send(
    new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account }),
  );
  if (!QueueUrl) throw new Error(`no queue ${queueArn}`);
  return QueueUrl;
}

import type { MessageAttributeValue, SendMessageBatchRequestEntry, SQSClient } from "@aws-sdk/client-sqs";
import { awsClient } from "../aws-client.ts";
import { sqs } from "../limits-of-aws.ts";
import type { ConsumerQueues, DelayEntry, SentMessage } from "./ports.ts";
import type { SqsAttribute } from "./sqs-event.ts";

/**
 * `ConsumerQueues` through the AWS SDK. It is loaded on first use: a consumer that neither fails nor buries anything
 * does without. Queue addresses are asked for once.
 */
export function sqsQueues({ client }: { client?: SQSClient } = {}): ConsumerQueues {
  let sdk: ReturnType<typeof load> | undefined;
  const urls = new Map<string, Promise<string>>();

  const loaded = () => {
    sdk ??= load(client);
    return sdk;
  };
  const urlOf = (queueArn: string) => {
    const known = urls.get(queueArn);
    if (known) return known;
    const asked = loaded().then(({ urlOf }) => urlOf(queueArn));
    asked.catch(() => urls.delete(queueArn));
    urls.set(queueArn, asked);
    return asked;
  };

  const sendAll = async (queueArn: string, messages: readonly SentMessage[]): Promise<readonly boolean[]> => {
    const send = async (chunk: readonly SentMessage[]): Promise<boolean[]> => {
      try {
        const { sendBatch } = await loaded();
        const ids = await sendBatch(await urlOf(queueArn), chunk.map(toEntry));
        return chunk.map((_, index) => ids.has(String(index)));
      } catch (error) {
        // One message can spoil the call for all: alone, only that one is refused.
        if (chunk.length === 1 || !isRefusal(error)) return chunk.map(() => false);
        return (await Promise.all(chunk.map((message) => send([message])))).flat();
      }
    };
    return (await Promise.all(chunksOf(messages, bytesOf).map(send))).flat();
  };

  return {
    async delay(queueArn, entries) {
      const calls = chunksOf(entries, () => 0).map(async (chunk) => {
        const { changeVisibility } = await loaded();
        await changeVisibility(await urlOf(queueArn), chunk);
      });
      await Promise.allSettled(calls);
    },

    deadLetter: sendAll,
    send: sendAll,
  };
}

async function load(given: SQSClient | undefined) {
  const { ChangeMessageVisibilityBatchCommand, GetQueueUrlCommand, SendMessageBatchCommand, SQSClient } =
    await import("./sqs-sdk.ts");
  const client = given ?? awsClient(SQSClient, { maxAttempts: 3 });
  return {
    /** `arn:aws:sqs:<region>:<account>:<name>` to the queue's address, wherever the endpoint is. */
    urlOf: async (queueArn: string) => {
      const [, , , , QueueOwnerAWSAccountId, QueueName] = queueArn.split(":");
      const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId }));
      if (!QueueUrl) throw new Error(`no queue ${queueArn}`);
      return QueueUrl;
    },
    changeVisibility: (QueueUrl: string, chunk: readonly DelayEntry[]) =>
      client.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl,
          Entries: chunk.map(({ receiptHandle, delaySeconds }, index) => ({
            Id: String(index),
            ReceiptHandle: receiptHandle,
            VisibilityTimeout: Math.min(delaySeconds, sqs.maxDelayAfterReceiveSeconds),
          })),
        }),
      ),
    /** The ids of the entries that were taken. */
    sendBatch: async (QueueUrl: string, Entries: SendMessageBatchRequestEntry[]) => {
      const { Successful } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      return new Set(Successful?.map(({ Id }) => Id));
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

function bytesOf(message: SentMessage): number {
  let bytes = Buffer.byteLength(message.body);
  for (const [name, value] of Object.entries(message.attributes)) {
    bytes += Buffer.byteLength(name + value.dataType + (value.stringValue ?? value.binaryValue ?? ""));
  }
  return bytes;
}

/** Whether the call was at fault, and not the way there. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && "$fault" in error && error.$fault === "client";
}

function toEntry(message: SentMessage, index: number): SendMessageBatchRequestEntry {
  return {
    Id: String(index),
    MessageBody: message.body,
    MessageAttributes: attributesOf(message),
    ...(message.groupId === undefined ? {} : { MessageGroupId: message.groupId }),
    ...(message.deduplicationId === undefined ? {} : { MessageDeduplicationId: message.deduplicationId }),
  };
}

function attributesOf({ attributes }: SentMessage): Record<string, MessageAttributeValue> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attributeOf(value)]));
}

function attributeOf(value: SqsAttribute): MessageAttributeValue {
  return {
    DataType: value.dataType,
    ...(value.stringValue === undefined ? {} : { StringValue: value.stringValue }),
    ...(value.binaryValue === undefined ? {} : { BinaryValue: Buffer.from(value.binaryValue, "base64") }),
  };
}

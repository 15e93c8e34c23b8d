import type { ConsumerQueues, SentMessage, SqsAttribute } from "../../src/consume/index.ts";
import type { WireMessage } from "../../src/contract/index.ts";
import type { InMemoryQueue } from "../mapping/index.ts";

/** What the pipeline does to its queues, on queues in memory. */
export function queuesOver(queue: InMemoryQueue, deadLetters: InMemoryQueue): ConsumerQueues {
  return {
    async delay(_queueArn, entries) {
      for (const { receiptHandle, delaySeconds } of entries) {
        queue.changeVisibility(receiptHandle, delaySeconds * 1_000);
      }
    },
    deadLetter: async (_queueArn, letters) => letters.map((letter) => sendTo(deadLetters, letter)),
    send: async (_queueArn, messages) => messages.map((message) => sendTo(queue, message)),
  };
}

function sendTo(queue: InMemoryQueue, { body, attributes, groupId, deduplicationId }: SentMessage): true {
  queue.send({
    body,
    messageAttributes: attributesOf(attributes),
    ...(groupId === undefined ? {} : { groupId }),
    ...(deduplicationId === undefined ? {} : { deduplicationId }),
  });
  return true;
}

function attributesOf(attributes: Readonly<Record<string, SqsAttribute>>) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { dataType, stringValue, binaryValue }]) => [
      name,
      {
        dataType,
        ...(stringValue === undefined ? {} : { stringValue }),
        ...(binaryValue === undefined ? {} : { binaryValue }),
      },
    ]),
  );
}

/** What a subscription does, with raw delivery. `again` sets a second delivery apart where a queue deduplicates. */
export function deliver(queue: InMemoryQueue, message: WireMessage, again = ""): void {
  const { body, attributes, groupId, deduplicationId } = message;
  queue.send({
    body,
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [
        name,
        { dataType: typeof value === "number" ? "Number" : "String", stringValue: String(value) },
      ]),
    ),
    ...(groupId === undefined ? {} : { groupId }),
    ...(deduplicationId === undefined ? {} : { deduplicationId: `${deduplicationId}${again}` }),
  });
}

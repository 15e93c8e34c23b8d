import { afterAll, beforeAll, describe, it } from "@jest/globals";
import { type FauxqsServer, startFauxqs } from "fauxqs";
import { inMemoryQueue, sqsQueue } from "../../local/mapping/index.ts";
import { createJsonClient } from "../../local/mapping/json-client.ts";
import { type QueueSubject, queueConformance } from "../../local/testing/queue-conformance.ts";
import { virtualClock } from "../../local/testing/virtual-clock.ts";

const visibilityTimeoutMs = 1_000;

describe("inMemoryQueue", () => {
  for (const { name, fifo, run } of queueConformance) {
    it(name, async () => {
      const clock = virtualClock();
      const queue = inMemoryQueue({ clock, visibilityTimeoutMs, fifo });
      const send: QueueSubject["send"] = async (message) => void queue.send(message);

      await run({ queue, visibilityTimeoutMs, send, settle: (work) => clock.until(work) });
    });
  }
});

describe("sqsQueue", () => {
  let server: FauxqsServer;
  beforeAll(async () => {
    server = await startFauxqs({ port: 0, logger: false, host: "127.0.0.1" });
  });
  afterAll(() => server.stop());

  for (const [index, { name, fifo, run }] of queueConformance.entries()) {
    it(name, async () => {
      const target = { endpoint: `http://127.0.0.1:${server.port}`, region: "us-east-1" };
      const call = createJsonClient({ ...target, service: "sqs", target: "AmazonSQS" });
      const { QueueUrl: queueUrl } = (await call("CreateQueue", {
        QueueName: `queue-${index}${fifo ? ".fifo" : ""}`,
        Attributes: { VisibilityTimeout: "1", ...(fifo ? { FifoQueue: "true" } : {}) },
      })) as { QueueUrl: string };
      const send: QueueSubject["send"] = async (message) => {
        await call("SendMessage", {
          QueueUrl: queueUrl,
          MessageBody: message.body,
          MessageAttributes: Object.fromEntries(
            Object.entries(message.messageAttributes ?? {}).map(([key, value]) => [
              key,
              { DataType: value.dataType, StringValue: value.stringValue, BinaryValue: value.binaryValue },
            ]),
          ),
          MessageGroupId: message.groupId,
          MessageDeduplicationId: message.deduplicationId,
        });
      };

      await run({
        queue: sqsQueue({ ...target, queueUrl }),
        visibilityTimeoutMs,
        send,
        settle: (work) => work,
      });
    });
  }
});

import { DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { partQueueConformance } from "../../../local/testing/part-queue-conformance.ts";
import { inMemoryParts, type PartMessage, sqsParts } from "../../../src/reconcile/index.ts";
import { startQueues, type TestQueues } from "../../helpers/start-queues.ts";

describe("inMemoryParts", () => {
  const suite = partQueueConformance(() => {
    const queue = inMemoryParts();
    return { queue, waiting: async () => queue.waiting.splice(0) };
  });
  for (const { name, check } of suite) it(name, check);
});

describe("sqsParts", () => {
  let queues: TestQueues;
  let made = 0;
  beforeAll(async () => {
    queues = await startQueues();
  });
  afterAll(() => queues?.stop());

  const suite = partQueueConformance(() => {
    const queueName = `shop-banks${made++}-windows`;
    queues.createQueue(queueName);
    return {
      queue: sqsParts({ queueName, client: queues.client }),
      waiting: () => receiveAll(queueName),
    };
  });
  for (const { name, check } of suite) it(name, check);

  it("says that there is no such queue, and finds it when there is", async () => {
    const queueName = "shop-late-windows";
    const queue = sqsParts({ queueName, client: queues.client });

    await expect(queue.send([{ v: 1, job: "banks" }])).rejects.toMatchObject({ name: "QueueDoesNotExist" });
    queues.createQueue(queueName);
    await queue.send([{ v: 1, job: "banks" }]);
    expect(await receiveAll(queueName)).toEqual([{ v: 1, job: "banks" }]);
  });

  async function receiveAll(queueName: string): Promise<readonly PartMessage[]> {
    const QueueUrl = `${queues.endpoint}/000000000000/${queueName}`;
    const found: PartMessage[] = [];
    for (;;) {
      const { Messages = [] } = await queues.client.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return found;
      for (const { Body = "", ReceiptHandle } of Messages) {
        found.push(JSON.parse(Body) as PartMessage);
        await queues.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }
});

import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { replayQueueConformance } from "../../local/testing/replay-queue-conformance.ts";
import { inMemoryReplayQueue, sqsReplayQueue, type TakenMessage } from "../../src/replay/index.ts";
import { startQueues, type TestQueues } from "../helpers/start-queues.ts";

const one = { count: 1, json: Buffer.from('[{"Id":"0","MessageBody":"{}"}]') };

describe("inMemoryReplayQueue", () => {
  const suite = replayQueueConformance(() => {
    const taken: TakenMessage[] = [];
    return {
      queue: inMemoryReplayQueue((_, message) => taken.push(message)),
      name: "shop-Points",
      received: async () => taken.splice(0),
    };
  });
  for (const { name, check } of suite) it(name, check);
});

describe("sqsReplayQueue", () => {
  let queues: TestQueues;
  let made = 0;
  beforeAll(async () => {
    queues = await startQueues();
  });
  afterAll(() => queues?.stop());

  const suite = replayQueueConformance(({ fifo }) => {
    const name = `shop-Points${made++}${fifo ? ".fifo" : ""}`;
    queues.createQueue(name, fifo ? { FifoQueue: "true" } : {});
    return { queue: sqsReplayQueue({ client: queues.client }), name, received: () => receiveAll(name) };
  });
  for (const { name, check } of suite) it(name, check);

  it("throws where there is no such queue, and finds it when there is", async () => {
    const queue = sqsReplayQueue({ client: queues.client });

    await expect(queue.send("shop-Late", one)).rejects.toMatchObject({ name: "QueueDoesNotExist" });
    queues.createQueue("shop-Late");

    expect(await queue.send("shop-Late", one)).toEqual([]);
    expect(await receiveAll("shop-Late")).toEqual([{ MessageBody: "{}" }]);
  });

  it("tells which entries the queue would not take, and whether it may later", async () => {
    const Failed = [
      { Id: "3", Code: "InvalidMessageContents", Message: "no", SenderFault: true },
      { Id: "7", Code: "InternalError", SenderFault: false },
    ];
    const client = {
      send: async (command: object) =>
        command.constructor.name === "GetQueueUrlCommand" ? { QueueUrl: "http://127.0.0.1" } : { Failed },
    };

    const refused = await sqsReplayQueue({ client: client as unknown as SQSClient }).send("shop-Points", one);

    expect(refused).toEqual([
      { index: 3, code: "InvalidMessageContents", message: "no", retryable: false },
      { index: 7, code: "InternalError", message: "", retryable: true },
    ]);
  });

  async function receiveAll(name: string): Promise<readonly TakenMessage[]> {
    const QueueUrl = `${queues.endpoint}/000000000000/${name}`;
    const found: TakenMessage[] = [];
    for (;;) {
      const { Messages = [] } = await queues.client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ["All"],
          MessageSystemAttributeNames: ["MessageGroupId"],
        }),
      );
      if (Messages.length === 0) return found;
      for (const { Body = "", Attributes = {}, MessageAttributes, ReceiptHandle } of Messages) {
        const attributes = Object.entries(MessageAttributes ?? {}).map(([key, value]) => {
          const { DataType = "", StringValue, BinaryValue } = value;
          const sent =
            BinaryValue === undefined
              ? { StringValue: StringValue ?? "" }
              : { BinaryValue: Buffer.from(BinaryValue).toString("base64") };
          return [key, { DataType, ...sent }] as const;
        });
        found.push({
          MessageBody: Body,
          ...(attributes.length > 0 ? { MessageAttributes: Object.fromEntries(attributes) } : {}),
          ...(Attributes.MessageGroupId === undefined ? {} : { MessageGroupId: Attributes.MessageGroupId }),
        });
        await queues.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }
});

import { SNSClient } from "@aws-sdk/client-sns";
import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type FauxqsServer, startFauxqs } from "fauxqs";
import { type Arrived, type TopicSubject, topicConformance } from "../../local/testing/topic-conformance.ts";
import { inMemoryTopics } from "../../src/publish/in-memory-topics.ts";
import { snsTopics } from "../../src/publish/sns-topics.ts";
import { wireTopics } from "../../src/publish/wire-topics.ts";
import { wire } from "./harness.ts";

const arn = (topic: string) => `arn:aws:sns:us-east-1:000000000000:${topic}`;
const known = { topicArn: arn("shop-orders"), orderedTopicArn: arn("shop-orders.fifo") };
const missingTopicArn = arn("shop-missing");

describe("inMemoryTopics", () => {
  for (const { name, check } of topicConformance(inMemorySubject)) it(name, check);

  it("does what it is told: fails calls, and single messages", async () => {
    const failure = { ok: false, code: "Busy", message: "busy", retryable: true } as const;
    let down = true;
    const topics = inMemoryTopics({
      onCall: () => {
        if (down) throw new Error("down");
      },
      onMessage: ({ id }) => (id === "a" ? failure : undefined),
    });

    await expect(topics.publishBatch("t", [wire("a")])).rejects.toThrow("down");
    down = false;

    expect(await topics.publishBatch("t", [wire("a"), wire("b")])).toEqual([
      failure,
      { ok: true, messageId: "message-1" },
    ]);
    expect(topics.taken("t").map(({ id }) => id)).toEqual(["b"]);
    expect(topics.calls).toHaveLength(2);
  });
});

describe("snsTopics", () => {
  const region = "us-east-1";
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  let server: FauxqsServer;
  let sns: SNSClient;
  let sqs: SQSClient;
  const queues = new Map<string, string>();

  beforeAll(async () => {
    server = await startFauxqs({ port: 0, logger: false });
    const endpoint = `http://127.0.0.1:${server.port}`;
    sns = new SNSClient({ endpoint, region, credentials, maxAttempts: 1 });
    sqs = new SQSClient({ endpoint, region, credentials, useQueueUrlAsEndpoint: false });
    for (const [topic, attributes] of [
      ["shop-orders", {}],
      ["shop-orders.fifo", { FifoTopic: "true" }],
    ] as const) {
      server.createTopic(topic, { attributes });
      const fifo = topic.endsWith(".fifo");
      const queue = server.createQueue(`all-${topic}`, fifo ? { attributes: { FifoQueue: "true" } } : {});
      server.subscribe({ topic, queue: `all-${topic}`, attributes: { RawMessageDelivery: "true" } });
      queues.set(arn(topic), queue.queueUrl);
    }
  });
  afterAll(async () => {
    sns.destroy();
    sqs.destroy();
    await server.stop();
  });

  it("makes its own client from the environment", async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${server.port}`,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    });
    try {
      const topics = snsTopics();
      const results = [
        ...(await topics.publishBatch(known.topicArn, [wire("a"), wire("b")])),
        ...(await topics.publishBatch(known.topicArn, [wire("c")])),
      ];

      expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
      await expect(topics.publishBatch(missingTopicArn, [wire("d")])).rejects.toThrow();
      expect((await subject().arrived(known.topicArn, 3)).map(({ body }) => body)).toEqual(
        ["a", "b", "c"].map((id) => wire(id).body),
      );
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
    }
  });

  const subject = (topics = snsTopics({ client: sns })): TopicSubject => ({
    topics,
    ...known,
    missingTopicArn,
    async arrived(topicArn, count) {
      const all: Arrived[] = [];
      while (all.length < count) all.push(...(await receive(queues.get(topicArn) ?? "")));
      return all;
    },
  });
  const signed = () =>
    wireTopics({
      endpoint: `http://127.0.0.1:${server.port}`,
      region,
      domain: "amazonaws.com",
      credentials,
    });
  describe("through the AWS SDK", () => {
    for (const { name, check } of topicConformance(() => subject())) it(name, check);
  });
  describe("through signed calls", () => {
    for (const { name, check } of topicConformance(() => subject(signed()))) it(name, check);

    it("names what SNS said when the call is refused", async () => {
      await expect(signed().publishBatch(missingTopicArn, [wire("d")])).rejects.toMatchObject({
        name: "NotFound",
        status: 404,
      });
    });
  });

  async function receive(QueueUrl: string): Promise<Arrived[]> {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 5,
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["All"],
      }),
    );
    for (const { ReceiptHandle } of Messages) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return Messages.map(toArrived);
  }
});

function inMemorySubject(): TopicSubject {
  const topics = inMemoryTopics({ exist: Object.values(known) });
  return {
    topics,
    ...known,
    missingTopicArn,
    arrived: async (topicArn) =>
      topics.taken(topicArn).map(({ body, attributes, groupId }) => ({
        body,
        attributes,
        ...(groupId === undefined ? {} : { groupId }),
      })),
  };
}

function toArrived({ Body = "", MessageAttributes = {}, Attributes = {} }: Message): Arrived {
  const attributes: Record<string, string | number> = {};
  for (const [name, { DataType, StringValue = "" }] of Object.entries(MessageAttributes)) {
    attributes[name] = DataType === "Number" ? Number(StringValue) : StringValue;
  }
  const groupId = Attributes.MessageGroupId;
  return { body: Body, attributes, ...(groupId === undefined ? {} : { groupId }) };
}

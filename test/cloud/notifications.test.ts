import {
  CreateTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { CreateQueueCommand, type Message, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type EndpointProcess, startEndpoint } from "../../local/cloud/endpoint/endpoint-process.ts";
import { createOrderedTopics } from "../../local/cloud/endpoint/ordered-topics.ts";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { systemClock } from "../../src/clock.ts";
import { awsClients } from "../helpers/aws-clients.ts";

let endpoint: EndpointProcess;
let clients: ReturnType<typeof awsClients>;

beforeAll(async () => {
  endpoint = await startEndpoint(
    { port: 0, region: "eu-west-1" },
    { answerLambda: async () => ({ status: 200, headers: {}, body: "{}" }), onExit: () => {} },
  );
  clients = awsClients(`http://127.0.0.1:${endpoint.port}`);
});
afterAll(async () => {
  clients.destroy();
  await endpoint.stop();
});

/** A topic with one queue for each name; names and settings as AWS writes them. */
async function route(
  topic: string,
  queues: readonly string[],
  more: Record<string, string> = {},
  raw = false,
) {
  const fifo = topic.endsWith(".fifo") ? { FifoTopic: "true", ContentBasedDeduplication: "true" } : {};
  const { TopicArn = "" } = await clients.sns.send(
    new CreateTopicCommand({ Name: topic, Attributes: { ...fifo, ...more } }),
  );
  const urls: string[] = [];
  for (const QueueName of queues) {
    const Attributes = QueueName.endsWith(".fifo") ? { FifoQueue: "true" } : {};
    const { QueueUrl = "" } = await clients.sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    urls.push(QueueUrl);
    await clients.sns.send(
      new SubscribeCommand({
        ...{ TopicArn, Protocol: "sqs", Endpoint: `arn:aws:sqs:eu-west-1:000000000000:${QueueName}` },
        Attributes: raw ? { RawMessageDelivery: "true" } : {},
      }),
    );
  }
  return { TopicArn, urls };
}

async function receive(QueueUrl = ""): Promise<readonly Message[]> {
  const all = { MessageSystemAttributeNames: ["All" as const], MessageAttributeNames: ["All"] };
  const { Messages = [] } = await clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...all }),
  );
  return Messages;
}

const bodyOf = (message: Message | undefined) => JSON.parse(message?.Body ?? "{}") as Record<string, unknown>;

describe("a notification", () => {
  it("wraps a message with its time, its subject, and attributes of every kind", async () => {
    const { TopicArn, urls } = await route("wrapped", ["wrapped"]);
    const beforeMs = systemClock.nowMs();

    const { MessageId } = await clients.sns.send(
      new PublishCommand({
        TopicArn,
        Subject: "Order",
        Message: '{"a":"ä"}',
        MessageGroupId: "tenant",
        MessageAttributes: {
          type: { DataType: "String", StringValue: "order.created" },
          total: { DataType: "Number", StringValue: "12.50" },
          tags: { DataType: "String.Array", StringValue: '["a","b",null,1]' },
          raw: { DataType: "Binary", BinaryValue: Buffer.from([1, 2, 3, 255]) },
        },
      }),
    );

    const [message] = await receive(urls[0]);
    const body = bodyOf(message);
    expect(body).toEqual({
      Type: "Notification",
      MessageId,
      TopicArn,
      Subject: "Order",
      Message: '{"a":"ä"}',
      Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      SignatureVersion: "1",
      Signature: "EXAMPLE",
      SigningCertURL: expect.stringMatching(/^https:\/\/sns\.eu-west-1\.amazonaws\.com\//),
      UnsubscribeURL: expect.stringContaining(`SubscriptionArn=${TopicArn}:`),
      MessageAttributes: {
        type: { Type: "String", Value: "order.created" },
        total: { Type: "Number", Value: "12.50" },
        tags: { Type: "String.Array", Value: '["a","b",null,1]' },
        raw: { Type: "Binary", Value: "AQID/w==" },
      },
    });
    const publishedMs = Date.parse(String(body.Timestamp));
    expect(publishedMs).toBeGreaterThanOrEqual(beforeMs);
    expect(publishedMs).toBeLessThanOrEqual(systemClock.nowMs());
    // They stand inside; the message itself has none.
    expect(message?.MessageAttributes).toBeUndefined();
    expect(message?.Attributes?.MessageGroupId).toBe("tenant");
  });

  it("has no subject and no attributes where none were given", async () => {
    const { TopicArn, urls } = await route("bare", ["bare"]);

    await clients.sns.send(new PublishCommand({ TopicArn, Message: "m" }));

    const body = bodyOf((await receive(urls[0]))[0]);
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(["Subject"]));
    expect(body).not.toHaveProperty("MessageAttributes");
    expect(body).not.toHaveProperty("SequenceNumber");
  });

  it("of an ordered topic carries the number of the answer, and no signature", async () => {
    const { TopicArn, urls } = await route("numbered.fifo", ["numbered", "numbered.fifo"]);
    const entry = (Id: string) => ({ Id, Message: Id, MessageGroupId: "g" });

    const { SequenceNumber: first } = await clients.sns.send(
      new PublishCommand({ TopicArn, Message: "one", MessageGroupId: "g" }),
    );
    const { Successful = [] } = await clients.sns.send(
      new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: [entry("two"), entry("three")] }),
    );

    const numbers = [first, ...Successful.map(({ SequenceNumber }) => SequenceNumber)];
    expect(numbers).toEqual([...numbers].sort());
    expect(new Set(numbers).size).toBe(3);
    expect(numbers.every((number) => /^\d{20}$/.test(number ?? ""))).toBe(true);
    const bodies = (await receive(urls[0])).map(bodyOf);
    expect(bodies.map(({ Message, SequenceNumber }) => [Message, SequenceNumber])).toEqual([
      ["one", numbers[0]],
      ["two", numbers[1]],
      ["three", numbers[2]],
    ]);
    expect(bodies[0]).not.toHaveProperty("Signature");
    const [ordered] = await receive(urls[1]);
    expect(bodyOf(ordered)).toMatchObject({ Message: "one", SequenceNumber: numbers[0] });
  });
});

describe("an ordered topic", () => {
  it("gives its groups to ordered queues, and keeps them from standard ones", async () => {
    const { TopicArn, urls } = await route("groups.fifo", ["groups", "groups.fifo"], {}, true);

    await clients.sns.send(new PublishCommand({ TopicArn, Message: "m", MessageGroupId: "g" }));

    const [standard, ordered] = (await Promise.all(urls.map(receive))).map(([first]) => first);
    expect(standard?.Body).toBe("m");
    expect(standard?.Attributes).not.toHaveProperty("MessageGroupId");
    expect(standard?.Attributes).not.toHaveProperty("MessageDeduplicationId");
    expect(ordered?.Attributes).toMatchObject({
      MessageGroupId: "g",
      MessageDeduplicationId: expect.any(String),
    });
  });

  it("takes a message once, also for standard queues, and answers as it did first", async () => {
    const { TopicArn, urls } = await route("once.fifo", ["once"]);
    const publish = (MessageGroupId: string) =>
      clients.sns.send(new PublishCommand({ TopicArn, Message: "same", MessageGroupId }));

    const first = await publish("g");
    const again = await publish("other");

    expect([again.MessageId, again.SequenceNumber]).toEqual([first.MessageId, first.SequenceNumber]);
    expect(await receive(urls[0])).toHaveLength(1);
  });

  it("takes it once in each group where deduplication is by group", async () => {
    const { TopicArn, urls } = await route("by-group.fifo", ["by-group"], {
      FifoThroughputScope: "MessageGroup",
    });

    for (const MessageGroupId of ["a", "b", "a"]) {
      await clients.sns.send(new PublishCommand({ TopicArn, Message: "same", MessageGroupId }));
    }

    expect(await receive(urls[0])).toHaveLength(2);
  });
});

describe("createOrderedTopics", () => {
  it("knows a message again for five minutes, and numbers on above what it has given", async () => {
    const clock = virtualClock();
    const topics = createOrderedTopics(clock);
    const take = (id: string, messageId: string) => topics.take("topic", id, messageId);

    const first = take("a", "1");
    await clock.advance(299_999);
    const known = take("a", "2");
    await clock.advance(1);
    const forgotten = take("a", "3");

    expect(known).toMatchObject({ messageId: "1", sequenceNumber: first.sequenceNumber, isDuplicate: true });
    expect(forgotten).toMatchObject({ messageId: "3", isDuplicate: false });
    const numbers = [first.sequenceNumber, forgotten.sequenceNumber, take("b", "4").sequenceNumber];
    await clock.advance(1);
    numbers.push(createOrderedTopics(clock).take("topic", "c", "5").sequenceNumber);
    expect(numbers).toEqual([...numbers].sort());
  });
});

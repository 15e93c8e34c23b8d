import { request } from "node:http";
import { CreateTableCommand, DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type EndpointProcess, startEndpoint } from "../../local/cloud/endpoint/endpoint-process.ts";
import { awsClients } from "../helpers/aws-clients.ts";
import { eventually } from "../helpers/eventually.ts";

let endpoint: EndpointProcess;
let clients: ReturnType<typeof awsClients>;
let address: string;
const notes: string[] = [];

beforeAll(async () => {
  endpoint = await startEndpoint(
    { port: 0, region: "us-east-1" },
    {
      answerLambda: async () => ({ status: 200, headers: {}, body: "{}" }),
      onExit: () => {},
      onNote: (text) => notes.push(text),
    },
  );
  address = `http://127.0.0.1:${endpoint.port}`;
  clients = awsClients(address);
});
afterAll(async () => {
  clients.destroy();
  await endpoint.stop();
});

const arnOf = (queue: string) => `arn:aws:sqs:us-east-1:000000000000:${queue}`;
const text = (value: string) => ({ DataType: "String", StringValue: value });
const manyAttributes = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, text("x")]));

async function makeQueue(name: string): Promise<string> {
  return (await clients.sqs.send(new CreateQueueCommand({ QueueName: name }))).QueueUrl ?? "";
}

async function makeTopic(name: string): Promise<string> {
  return (await clients.sns.send(new CreateTopicCommand({ Name: name }))).TopicArn ?? "";
}

/** A topic with one raw subscription and its dead letters. */
async function makeRoute(name: string) {
  const [TopicArn, work, undelivered] = [
    await makeTopic(name),
    await makeQueue(`${name}-work`),
    await makeQueue(`${name}-undelivered`),
  ];
  await clients.sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: "sqs",
      Endpoint: arnOf(`${name}-work`),
      Attributes: {
        RawMessageDelivery: "true",
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf(`${name}-undelivered`) }),
      },
    }),
  );
  return { TopicArn, work, undelivered };
}

async function receive(QueueUrl: string) {
  const { Messages = [] } = await clients.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    }),
  );
  return Messages;
}

/** A request as written here, without any SDK. */
function raw(
  path: string,
  { method = "GET", headers = {}, body = "" } = {},
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${address}${path}`, { method, headers }, (answer) => {
      let read = "";
      answer.on("data", (chunk) => {
        read += chunk;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: read }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

describe("the endpoint", () => {
  it("finds each service behind one address", async () => {
    expect((await clients.sts.send(new GetCallerIdentityCommand({}))).Account).toBe("000000000000");

    await clients.s3.send(new CreateBucketCommand({ Bucket: "things" }));
    await clients.s3.send(
      new PutObjectCommand({ Bucket: "things", Key: "functions/2015-03-31/a b", Body: "kept" }),
    );
    const { Body } = await clients.s3.send(
      new GetObjectCommand({ Bucket: "things", Key: "functions/2015-03-31/a b" }),
    );
    expect(await Body?.transformToString()).toBe("kept");

    await clients.dynamodb.send(
      new CreateTableCommand({
        TableName: "things",
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      }),
    );
    const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: "things" }));
    expect(Table?.TableArn).toBe("arn:aws:dynamodb:us-east-1:000000000000:table/things");
  });

  it("says on its health pages whether all of the app stands", async () => {
    const pages = ["/_omnibus/health", "/_localstack/health"];

    const before = await Promise.all(pages.map((page) => raw(page)));
    endpoint.stands();
    await eventually("the app stands", async () => (await raw("/_omnibus/health")).status === 200);
    const after = await raw("/_localstack/health");

    expect(before.map(({ status }) => status)).toEqual([503, 503]);
    expect(JSON.parse(before[1]?.text ?? "")).toMatchObject({ services: { sns: "starting" } });
    expect(after.status).toBe(200);
    expect(JSON.parse(after.text)).toMatchObject({ status: "running", services: { sqs: "running" } });
  });

  it("says of a message that no subscription wants that it is gone, and nothing where there is none", async () => {
    const TopicArn = await makeTopic("filtered");
    await clients.sns.send(new PublishCommand({ TopicArn, Message: "to nobody" }));
    await makeQueue("filtered-work");
    await clients.sns.send(
      new SubscribeCommand({
        TopicArn,
        Protocol: "sqs",
        Endpoint: arnOf("filtered-work"),
        Attributes: { FilterPolicy: JSON.stringify({ type: ["order.created"] }) },
      }),
    );
    const wanted = { type: text("order.created") };
    await clients.sns.send(new PublishCommand({ TopicArn, Message: "{}", MessageAttributes: wanted }));

    await clients.sns.send(new PublishCommand({ TopicArn, Message: "{}" }));

    await eventually("the note", () => notes.length > 0);
    expect(notes).toEqual([
      expect.stringMatching(/^topic filtered: a message matched no subscription \(there is 1\)/),
    ]);
  });

  it("gives queues URLs at its own address, whatever the region of the signature", async () => {
    expect(await makeQueue("addressed")).toBe(`${address}/000000000000/addressed`);

    const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: "addressed" }));
    expect(QueueUrl).toBe(`${address}/000000000000/addressed`);

    const elsewhere = await raw("/", {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "AmazonSQS.GetQueueUrl",
        authorization: "AWS4-HMAC-SHA256 Credential=a/20260101/ap-south-1/sqs/aws4_request, Signature=b",
      },
      body: '{"QueueName":"addressed"}',
    });
    expect(JSON.parse(elsewhere.text)).toEqual({ QueueUrl });
  });

  it("takes unsigned requests by target and by action", async () => {
    const form = { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" } };

    const identity = await raw("/", { ...form, body: "Action=GetCallerIdentity&Version=2011-06-15" });
    const topics = await raw("/?Action=ListTopics", {});
    const queues = await raw("/", {
      method: "POST",
      headers: { "x-amz-target": "AmazonSQS.ListQueues", "content-type": "application/x-amz-json-1.0" },
      body: "{}",
    });

    expect(identity.text).toContain("<Account>000000000000</Account>");
    expect(topics.text).toContain("ListTopicsResponse");
    expect(queues.status).toBe(200);
  });

  it("says clearly what it does not have", async () => {
    const signed = (service: string) => ({
      authorization: `AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/${service}/aws4_request, Signature=b`,
    });

    const service = await raw("/", { method: "POST", headers: signed("kinesis"), body: "{}" });
    const action = await raw("/", {
      method: "POST",
      headers: { ...signed("sqs"), "x-amz-target": "AmazonSQS.StartMessageMoveTask" },
      body: "{}",
    });
    const protocol = await raw("/", {
      method: "POST",
      headers: { ...signed("sqs"), "content-type": "application/x-www-form-urlencoded" },
      body: "Action=ListQueues",
    });

    expect(service).toEqual({
      status: 501,
      text: expect.stringContaining("kinesis is not part of the local cloud"),
    });
    expect(action).toEqual({ status: 400, text: expect.stringContaining("StartMessageMoveTask") });
    expect(protocol).toEqual({ status: 400, text: expect.stringContaining("JSON protocol") });
  });

  it.each([
    ["a name of its own for this machine", { host: "evil.example:4566" }],
    ["a form posted across origins", { origin: "https://evil.example" }],
  ])("refuses web pages: %s", async (_how, headers) => {
    const { status } = await raw("/?Action=ListTopics", { headers });

    expect(status).toBe(403);
  });

  it.each(["localhost:4566", "127.0.0.1", "[::1]:4566", "bucket.localhost:4566"])(
    "takes the host %s",
    async (host) => {
      expect((await raw("/?Action=ListTopics", { headers: { host } })).status).toBe(200);
    },
  );
});

describe("SNS's rules", () => {
  it("delivers ten attributes raw, and takes a message with eleven to the subscription's dead letters", async () => {
    const { TopicArn, work, undelivered } = await makeRoute("eleven");

    await clients.sns.send(
      new PublishCommand({ TopicArn, Message: "ten", MessageAttributes: manyAttributes(10) }),
    );
    await clients.sns.send(
      new PublishCommand({ TopicArn, Message: "eleven", MessageAttributes: manyAttributes(11) }),
    );

    expect((await receive(work)).map(({ Body }) => Body)).toEqual(["ten"]);
    expect((await receive(undelivered)).map(({ Body }) => Body)).toEqual(["eleven"]);
  });

  it("takes what a queue that is gone cannot get to the subscription's dead letters", async () => {
    const { TopicArn, work, undelivered } = await makeRoute("gone");
    await clients.sqs.send(new DeleteQueueCommand({ QueueUrl: work }));

    await clients.sns.send(new PublishCommand({ TopicArn, Message: "late" }));

    expect((await receive(undelivered)).map(({ Body }) => Body)).toEqual(["late"]);
  });

  it("refuses a batch over 256 KiB, and takes one just below", async () => {
    const { TopicArn, work } = await makeRoute("large");
    const batch = (bytes: number) =>
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [1, 2].map((id) => ({ Id: `e${id}`, Message: "x".repeat(bytes / 2) })),
      });

    await expect(clients.sns.send(batch(256 * 1024 + 2))).rejects.toMatchObject({
      name: "BatchRequestTooLongException",
    });
    const { Successful } = await clients.sns.send(batch(256 * 1024));

    expect(Successful?.map(({ Id }) => Id)).toEqual(["e1", "e2"]);
    expect(await receive(work)).toHaveLength(2);
  });

  it("refuses a message over 256 KiB, attributes counted, unless the topic takes more", async () => {
    const TopicArn = await makeTopic("long");
    const wide = await clients.sns.send(
      new CreateTopicCommand({ Name: "wide", Attributes: { MaximumMessageSize: "524288" } }),
    );
    const Message = "x".repeat(256 * 1024 - 10);
    const MessageAttributes = { type: text("order.created") };

    await expect(
      clients.sns.send(new PublishCommand({ TopicArn, Message, MessageAttributes })),
    ).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    await clients.sns.send(new PublishCommand({ TopicArn: wide.TopicArn, Message, MessageAttributes }));
  });

  it("answers each entry of a batch, and refuses a batch that cannot be", async () => {
    const { TopicArn } = await makeRoute("entries");
    const publish = (entries: { Id: string; Message: string }[]) =>
      clients.sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries }));

    const mixed = await publish([
      { Id: "good", Message: "a<&>" },
      { Id: "empty", Message: "" },
    ]);

    expect(mixed.Successful?.map(({ Id }) => Id)).toEqual(["good"]);
    expect(mixed.Failed).toMatchObject([{ Id: "empty", Code: "InvalidParameter", SenderFault: true }]);
    await expect(
      publish([
        { Id: "a", Message: "x" },
        { Id: "a", Message: "y" },
      ]),
    ).rejects.toMatchObject({
      name: "BatchEntryIdsNotDistinctException",
    });
    const eleven = Array.from({ length: 11 }, (_, index) => ({ Id: `${index}`, Message: "x" }));
    await expect(publish(eleven)).rejects.toMatchObject({ name: "TooManyEntriesInBatchRequestException" });
  });

  it("keeps a message group on standard topics and queues", async () => {
    const { TopicArn, work } = await makeRoute("grouped");

    await clients.sns.send(
      new PublishCommand({ TopicArn, Message: "published", MessageGroupId: "tenant-1" }),
    );
    await clients.sqs.send(
      new SendMessageCommand({ QueueUrl: work, MessageBody: "sent", MessageGroupId: "tenant-2" }),
    );
    await clients.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: work,
        Entries: [
          { Id: "a", MessageBody: "batched", MessageGroupId: "tenant-3" },
          { Id: "b", MessageBody: "alone" },
        ],
      }),
    );

    const groups = (await receive(work)).map(({ Body, Attributes }) => [Body, Attributes?.MessageGroupId]);
    expect(groups).toEqual([
      ["published", "tenant-1"],
      ["sent", "tenant-2"],
      ["batched", "tenant-3"],
      ["alone", undefined],
    ]);
  });

  it("orders and deduplicates on FIFO topics", async () => {
    const Attributes = { FifoTopic: "true", ContentBasedDeduplication: "true" };
    const { TopicArn } = await clients.sns.send(new CreateTopicCommand({ Name: "ordered.fifo", Attributes }));
    const { QueueUrl = "" } = await clients.sqs.send(
      new CreateQueueCommand({ QueueName: "ordered.fifo", Attributes: { FifoQueue: "true" } }),
    );
    await clients.sns.send(
      new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: arnOf("ordered.fifo") }),
    );
    const publish = (more: object) =>
      clients.sns.send(new PublishCommand({ TopicArn, Message: "once", ...more }));

    await expect(publish({})).rejects.toMatchObject({ name: "InvalidParameterException" });
    await publish({ MessageGroupId: "g" });
    await publish({ MessageGroupId: "g" });

    const messages = await receive(QueueUrl);
    expect(messages).toHaveLength(1);
    expect(messages[0]?.Attributes).toMatchObject({
      MessageGroupId: "g",
      SequenceNumber: expect.any(String),
    });
    expect(JSON.parse(messages[0]?.Body ?? "")).toMatchObject({
      Type: "Notification",
      TopicArn,
      Message: "once",
    });
    expect(await endpoint.queues()).toContainEqual({
      name: "ordered.fifo",
      url: QueueUrl,
      visible: 0,
      inFlight: 1,
      delayed: 0,
    });
  });

  it("takes a topic's ARN with any region, and as target", async () => {
    const { TopicArn, work } = await makeRoute("anywhere");
    const elsewhere = TopicArn.replace("us-east-1", "local");

    await clients.sns.send(new PublishCommand({ TopicArn: elsewhere, Message: "one" }));
    await clients.sns.send(new PublishCommand({ TargetArn: elsewhere, Message: "two" }));

    expect((await receive(work)).map(({ Body }) => Body)).toEqual(["one", "two"]);
  });

  it("answers in SNS's own words for a topic that is gone", async () => {
    const TopicArn = await makeTopic("short-lived");
    await clients.sns.send(new DeleteTopicCommand({ TopicArn }));

    await expect(clients.sns.send(new PublishCommand({ TopicArn, Message: "x" }))).rejects.toMatchObject({
      name: "NotFoundException",
    });
  });
});

describe("a long poll", () => {
  it("loses nothing when its client goes away", async () => {
    const QueueUrl = await makeQueue("abandoned");
    const polling = request(address, {
      method: "POST",
      headers: { "x-amz-target": "AmazonSQS.ReceiveMessage", "content-type": "application/x-amz-json-1.0" },
    });
    polling.on("error", () => {});
    polling.end(JSON.stringify({ QueueUrl, WaitTimeSeconds: 20 }));
    await new Promise((sent) => polling.once("finish", sent));
    // A later request that is answered: the poll is there, waiting.
    await receive(QueueUrl);
    polling.destroy();
    await new Promise((closed) => polling.once("close", closed));
    // Another one: what the endpoint reads after this, it reads after the end of the poll.
    await receive(QueueUrl);

    await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "kept" }));

    const message = await eventually(
      "the message is visible again",
      async () => (await receive(QueueUrl))[0],
    );
    expect(message).toMatchObject({ Body: "kept", Attributes: { ApproximateReceiveCount: "1" } });
  });
});

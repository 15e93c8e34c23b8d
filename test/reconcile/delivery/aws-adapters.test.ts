import { LambdaClient } from "@aws-sdk/client-lambda";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { awsBusSight } from "../../../src/reconcile/delivery/aws-bus-sight.ts";
import { sqsSender } from "../../../src/reconcile/delivery/sqs-sender.ts";
import { startQueues, type TestQueues } from "../../helpers/start-queues.ts";

const credentials = { accessKeyId: "test", secretAccessKey: "test" };

describe("delivery's adapters on SNS and SQS", () => {
  let queues: TestQueues;
  let sns: SNSClient;
  let lambda: LambdaClient;
  const answers: { status: number; body: unknown }[] = [];
  beforeAll(async () => {
    queues = await startQueues();
    sns = new SNSClient({ endpoint: queues.endpoint, region: "us-east-1", credentials });
    lambda = new LambdaClient({
      endpoint: queues.endpoint,
      region: "us-east-1",
      credentials,
      maxAttempts: 1,
    });
    // The first step of all: nothing is signed, and nothing goes out.
    lambda.middlewareStack.add(
      () => async () => {
        const { status = 500, body } = answers.shift() ?? {};
        if (status === 200) return { output: body as never, response: {} };
        throw Object.assign(new Error("not there"), { name: String(body) });
      },
      { step: "initialize", priority: "high" },
    );
    for (const name of ["shop-Points", "shop-Points-dead"]) queues.createQueue(name);
    queues.createQueue("shop-Ordered.fifo", { FifoQueue: "true" });
  });
  afterAll(async () => {
    sns?.destroy();
    lambda?.destroy();
    await queues?.stop();
  });
  const sight = () =>
    awsBusSight({
      bus: "shop",
      account: "000000000000",
      region: "us-east-1",
      clients: { sns, lambda, sqs: queues.client },
    });

  it("lists the queues that a topic delivers to, over all pages; none of a topic that is gone", async () => {
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "shop-orders" }));
    const { Attributes } = await queues.client.send(
      new GetQueueAttributesCommand({
        QueueUrl: `${queues.endpoint}/000000000000/shop-Points`,
        AttributeNames: ["QueueArn"],
      }),
    );
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: Attributes?.QueueArn }));

    expect(await sight().subscribers("orders")).toEqual([Attributes?.QueueArn]);
    expect(await sight().subscribers("gone")).toEqual([]);
  });

  it("counts messages, those that are hidden too; nothing of a queue that is gone", async () => {
    for (const body of ["a", "b", "c"]) queues.put("shop-Points-dead", body);
    await queues.client.send(
      new ReceiveMessageCommand({ QueueUrl: `${queues.endpoint}/000000000000/shop-Points-dead` }),
    );

    expect(await sight().messages("shop-Points-dead")).toEqual({ visible: 2, hidden: 1 });
    expect(await sight().messages("shop-Nobody")).toBeUndefined();
  });

  it("reads a consumer's settings and when it was changed; none of one that is gone, or of another version", async () => {
    const settings = { v: 1, bus: "shop", consumer: "Points", mode: "once" };
    const LastModified = "2026-11-27T01:02:03.004+0000";
    answers.push(
      {
        status: 200,
        body: { LastModified, Environment: { Variables: { OMNIBUS: JSON.stringify(settings) } } },
      },
      { status: 404, body: "ResourceNotFoundException" },
      { status: 200, body: { LastModified, Environment: { Variables: { OMNIBUS: '{"v":2}' } } } },
      { status: 500, body: "ServiceException" },
    );

    expect(await sight().consumerFunction("Points")).toEqual({
      settings,
      changedMs: Date.UTC(2026, 10, 27, 1, 2, 3, 4),
    });
    expect(await sight().consumerFunction("Points")).toBeUndefined();
    expect(await sight().consumerFunction("Points")).toMatchObject({ settings: undefined });
    await expect(sight().consumerFunction("Points")).rejects.toThrow("not there");
  });

  it("sends messages with attributes, binary ones too, and into their groups", async () => {
    const sender = sqsSender({ client: queues.client });
    await sender.send("shop-Points", [
      {
        MessageBody: '{"a":1}',
        MessageAttributes: {
          type: { DataType: "String", StringValue: "order.created" },
          raw: { DataType: "Binary", BinaryValue: Buffer.from([1, 2, 255]).toString("base64") },
        },
      },
      { MessageBody: "b" },
    ]);
    await sender.send("shop-Ordered.fifo", [
      { MessageBody: "c", MessageGroupId: "g", MessageDeduplicationId: "d-1" },
    ]);

    const received = async (name: string) =>
      (
        await queues.client.send(
          new ReceiveMessageCommand({
            QueueUrl: `${queues.endpoint}/000000000000/${name}`,
            MaxNumberOfMessages: 10,
            MessageAttributeNames: ["All"],
            MessageSystemAttributeNames: ["MessageGroupId"],
          }),
        )
      ).Messages;
    expect(await received("shop-Points")).toMatchObject([
      {
        Body: '{"a":1}',
        MessageAttributes: {
          type: { StringValue: "order.created" },
          raw: { BinaryValue: new Uint8Array([1, 2, 255]) },
        },
      },
      { Body: "b" },
    ]);
    expect(await received("shop-Ordered.fifo")).toMatchObject([
      { Body: "c", Attributes: { MessageGroupId: "g" } },
    ]);
    await expect(sender.send("shop-Nobody", [{ MessageBody: "x" }])).rejects.toThrow();
  });
});

import { randomUUID } from "node:crypto";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { eventually } from "../helpers/eventually.ts";

/** Where test/fixtures/python-app stands. */
export interface DeployedAt {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export type DeployedPython = Awaited<ReturnType<typeof deployedPython>>;

const patienceMs = 40_000;

/** The fixture app from outside: a publisher, and eyes for what came of it. */
export async function deployedPython(at: DeployedAt, account = "000000000000") {
  const settings = { ...at, useQueueUrlAsEndpoint: false };
  const [sns, sqs, dynamodb] = [
    new SNSClient(settings),
    new SQSClient(settings),
    new DynamoDBClient(settings),
  ];
  const topic = (name: string) => `arn:aws:sns:${at.region}:${account}:shop-${name}`;
  const urlOf = async (queue: string) =>
    (await sqs.send(new GetQueueUrlCommand({ QueueName: queue }))).QueueUrl ?? "";
  const { QueueUrl: scores } = await sqs.send(new CreateQueueCommand({ QueueName: "scores-seen" }));
  await sns.send(
    new SubscribeCommand({
      TopicArn: topic("scores"),
      Protocol: "sqs",
      Endpoint: `arn:aws:sqs:${at.region}:${account}:scores-seen`,
      Attributes: { RawMessageDelivery: "true" },
    }),
  );
  const seen = new Map<string, Message>();
  /** Takes in what is in a queue until enough is known. */
  const collect = async (queue: string | undefined) => {
    const request = { QueueUrl: queue, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] };
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(request));
    for (const message of Messages) seen.set(message.MessageId ?? "", message);
    return [...seen.values()];
  };

  return {
    /** An event as any publisher writes it by hand. */
    order(data: Readonly<Record<string, unknown>>) {
      const id = randomUUID();
      return {
        specversion: "1.0",
        id,
        source: "/shop/web",
        type: "order.created",
        time: "2026-01-31T12:00:00Z",
        dataschema: "urn:omnibus:order.created:1",
        data: { orderId: `o-${id}`, ...data },
      };
    },
    async publish(...events: readonly object[]) {
      for (const event of events) {
        await sns.send(
          new PublishCommand({
            TopicArn: topic("orders"),
            Message: JSON.stringify(event),
            MessageAttributes: { type: { DataType: "String", StringValue: "order.created" } },
          }),
        );
      }
    },
    /** Publishes bytes as a careless sender would: SNS's query form, by hand. */
    async publishBytes(message: Buffer) {
      const encoded = message.toString("latin1").replace(/[^A-Za-z0-9]/g, (unit) => {
        return `%${unit.charCodeAt(0).toString(16).padStart(2, "0")}`;
      });
      const attribute = "MessageAttributes.entry.1";
      const form = [
        "Action=Publish&Version=2010-03-31",
        `TopicArn=${encodeURIComponent(topic("orders"))}`,
        `Message=${encoded}`,
        `${attribute}.Name=type&${attribute}.Value.DataType=String&${attribute}.Value.StringValue=order.created`,
      ].join("&");
      const scope = `${at.credentials.accessKeyId}/20260131/${at.region}/sns/aws4_request`;
      const answer = await fetch(at.endpoint, {
        method: "POST",
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
        },
        body: form,
      });
      if (!answer.ok) throw new Error(`the endpoint refused the bytes: ${await answer.text()}`);
    },
    /** Puts bodies straight into the consumer's queue: what SNS would refuse, or has wrapped. */
    async enqueue(...bodies: readonly string[]) {
      const queue = await urlOf("shop-Recommend");
      for (const body of bodies)
        await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: body }));
    },
    /** What the handler wrote down about an event, once it did. */
    handled: (id: string) =>
      eventually(
        `event ${id} is handled`,
        async () => {
          const key = { TableName: "shop-effects", Key: { id: { S: id } }, ConsistentRead: true };
          const { Item } = await dynamodb.send(new GetItemCommand(key));
          return Item && { score: Number(Item.score?.N), runs: Number(Item.runs?.N) };
        },
        patienceMs,
      ),
    /** The event that the handler emitted for an order. */
    emitted: (causationid: string) =>
      eventually(
        `an event caused by ${causationid}`,
        async () => {
          const events = (await collect(scores)).map(({ Body = "{}" }) => JSON.parse(Body));
          return events.find((event) => event.causationid === causationid);
        },
        patienceMs,
      ),
    /** Settles when the consumer's queue is empty, and nothing of it is being handled. */
    drained: () =>
      eventually(
        "the queue is empty",
        async () => {
          const { Attributes = {} } = await sqs.send(
            new GetQueueAttributesCommand({
              QueueUrl: await urlOf("shop-Recommend"),
              AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
            }),
          );
          return Object.values(Attributes).every((count) => count === "0");
        },
        patienceMs,
      ),
    /** Why the one dead letter whose body has this text in it died. */
    async deadLetter(text: string) {
      const queue = await urlOf("shop-Recommend-dead");
      return eventually(
        `the dead letter of ${text.slice(0, 200)}`,
        async () => {
          const letter = (await collect(queue)).find(({ Body = "" }) => Body.includes(text));
          const note = letter?.MessageAttributes?.omnibus?.StringValue;
          if (note === undefined) return undefined;
          const { reason, error } = JSON.parse(note);
          return { reason, message: error.message };
        },
        patienceMs,
      );
    },
    destroy() {
      for (const client of [sns, sqs, dynamodb]) client.destroy();
    },
  };
}

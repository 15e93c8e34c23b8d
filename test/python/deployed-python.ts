import { randomUUID } from "node:crypto";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
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
    async publish(...bodies: readonly (object | string)[]) {
      for (const body of bodies) {
        await sns.send(
          new PublishCommand({
            TopicArn: topic("orders"),
            Message: typeof body === "string" ? body : JSON.stringify(body),
            MessageAttributes: { type: { DataType: "String", StringValue: "order.created" } },
          }),
        );
      }
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
    /** The dead letters' notes by the body they belong to, once there are so many. */
    async deadLetters(count: number) {
      const queue = await urlOf("shop-Recommend-dead");
      const notes = (messages: readonly Message[]) =>
        messages.flatMap(({ Body = "", MessageAttributes }) => {
          const line = MessageAttributes?.omnibus?.StringValue;
          if (line === undefined) return [];
          const { reason, error } = JSON.parse(line);
          return [{ body: Body, reason, message: error.message as string }];
        });
      return eventually(
        `${count} dead letters`,
        async () => {
          const found = notes(await collect(queue));
          return found.length >= count && found;
        },
        patienceMs,
      );
    },
    destroy() {
      for (const client of [sns, sqs, dynamodb]) client.destroy();
    },
  };
}

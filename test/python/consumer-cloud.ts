import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { SqsRecord } from "../../src/consume/index.ts";
import type { Envelope } from "../../src/contract/index.ts";
import type { ConsumerSettings } from "../../src/env.ts";
import { readItem } from "../../src/ledger/dynamo-items.ts";
import { ledgerKey } from "../../src/ledger/index.ts";
import { deadLetterQueueName, ledgerTableName, queueName } from "../../src/names.ts";
import { startDynamoDB } from "../helpers/start-dynamodb.ts";
import { startQueues } from "../helpers/start-queues.ts";

const source = "/shop/web";
const emitted = "emitted";

/** Queues, a ledger and a topic that a consumer of any language finds by its settings. */
export type ConsumerCloud = Awaited<ReturnType<typeof startConsumerCloud>>;

export async function startConsumerCloud() {
  const [dynamodb, queues] = await Promise.all([startDynamoDB(), startQueues()]);
  const table = ledgerTableName("shop");
  await dynamodb.createTable(table);
  queues.createQueue(emitted);
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const sns = new SNSClient({ endpoint: queues.endpoint, region: "us-east-1", credentials });
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "shop-stock" }));
  await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: "sqs",
      Endpoint: `arn:aws:sqs:us-east-1:000000000000:${emitted}`,
      Attributes: { RawMessageDelivery: "true" },
    }),
  );
  const url = (queue: string) => `${queues.endpoint}/000000000000/${queue}`;
  const take = async (queue: string) => {
    const { Messages = [] } = await queues.client.send(
      new ReceiveMessageCommand({
        QueueUrl: url(queue),
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["All"],
      }),
    );
    return Messages;
  };
  const drain = async (queue: string) => {
    const messages = await take(queue);
    for (const { ReceiptHandle } of messages)
      await queues.client.send(new DeleteMessageCommand({ QueueUrl: url(queue), ReceiptHandle }));
    return messages;
  };
  const keyOf = ({ consumer }: ConsumerSettings, id: string) => ({
    pk: { S: ledgerKey({ consumer, source, id }) },
  });

  return {
    endpoints: { dynamodb: dynamodb.endpoint, queues: queues.endpoint },
    /** Makes a consumer's two queues. */
    addConsumer({ bus, consumer, fifo }: ConsumerSettings) {
      const attributes = fifo ? { FifoQueue: "true" } : {};
      queues.createQueue(queueName(bus, consumer, fifo), attributes);
      queues.createQueue(deadLetterQueueName(bus, consumer, fifo), attributes);
    },
    /** Puts bodies into the consumer's queue and takes them out again, as a mapping would. */
    async receive({ bus, consumer }: ConsumerSettings, ...bodies: string[]): Promise<SqsRecord[]> {
      const queue = queueName(bus, consumer);
      await drain(queue);
      for (const MessageBody of bodies)
        await queues.client.send(new SendMessageCommand({ QueueUrl: url(queue), MessageBody }));
      const messages = await take(queue);
      const records = messages.map((message) => ({
        messageId: message.MessageId ?? "",
        receiptHandle: message.ReceiptHandle ?? "",
        body: message.Body ?? "",
        // As Lambda hands them on: all that were asked for are there.
        attributes: { ...message.Attributes } as unknown as SqsRecord["attributes"],
        messageAttributes: {},
        eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
      }));
      return bodies.map((body) => {
        const at = records.findIndex((record) => record.body === body);
        const [record] = records.splice(at, 1);
        if (!record) throw new Error("the queue did not hand the message out");
        return record;
      });
    },
    /** How many messages of the consumer's queue could be received now. */
    visible: ({ bus, consumer }: ConsumerSettings) => queues.count(queueName(bus, consumer)).visible,
    /** Takes out what is in the dead-letter queue: bodies, with what their note says. */
    async deadLetters({ bus, consumer, fifo }: ConsumerSettings) {
      const messages = await drain(deadLetterQueueName(bus, consumer, fifo));
      return messages.map(({ Body, MessageAttributes }) => ({
        body: Body ?? "",
        note: JSON.parse(MessageAttributes?.omnibus?.StringValue ?? "null"),
      }));
    },
    /** Takes out what the topic `stock` delivered. */
    async emitted(): Promise<readonly { envelope: Envelope; body: string; type: string | undefined }[]> {
      const messages = await drain(emitted);
      return messages.map(({ Body = "", MessageAttributes }) => ({
        envelope: JSON.parse(Body),
        body: Body,
        type: MessageAttributes?.type?.StringValue,
      }));
    },
    async item(settings: ConsumerSettings, id: string) {
      const found = await dynamodb.client.send(
        new GetItemCommand({ TableName: table, Key: keyOf(settings, id), ConsistentRead: true }),
      );
      return readItem(found.Item);
    },
    /** Changes an item, or makes one, as another run would have left it. */
    async leave(
      settings: ConsumerSettings,
      id: string,
      over: { hash: string; lease: number; attempts: number },
    ) {
      await dynamodb.client.send(
        new PutItemCommand({
          TableName: table,
          Item: {
            ...keyOf(settings, id),
            v: { N: "1" },
            consumer: { S: settings.consumer },
            source: { S: source },
            id: { S: id },
            type: { S: "order.created" },
            time: { S: "2026-01-31T12:00:00Z" },
            hash: { S: over.hash },
            state: { S: "claimed" },
            owner: { S: "another run" },
            lease: { N: String(over.lease) },
            attempts: { N: String(over.attempts) },
            expires: { N: "2000000000" },
          },
        }),
      );
    },
    async stop() {
      sns.destroy();
      await Promise.all([dynamodb.stop(), queues.stop()]);
    },
  };
}

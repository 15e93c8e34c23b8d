import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { drillConsumer } from "../../drills/frame/index.ts";
import { bus, consumers } from "../../drills/orders/consumers.ts";
import { type Readings, readBack } from "../../drills/orders/readings.ts";
import type { Emulator } from "../../local/emulator/index.ts";
import { runTool } from "../../local/tools/index.ts";
import { topicArn } from "../../src/names.ts";
import type { PythonTools } from "../helpers/python-tools.ts";
import { orderPlaced, sentTable } from "./sms-contract.ts";
import { watchQueues } from "./watch-queues.ts";
import { wireExample } from "./wire-example.ts";

/**
 * Has the plain AWS CLI publish the example of docs/wire-format.md, twice, and waits until nothing is left. Answers how
 * often the text message's handler ran for it, and what the others have made of it.
 */
export async function sendExample({
  emulator,
  tools,
  signal,
}: {
  readonly emulator: Emulator;
  readonly tools: PythonTools;
  readonly signal: AbortSignal;
}): Promise<{ readonly runs: number; readonly readings: Readings }> {
  const { text, type, orderId } = wireExample();
  const topic = topicArn({
    bus,
    topic: orderPlaced.topic,
    region: emulator.region,
    account: emulator.account,
  });
  const attributes = JSON.stringify({ type: { DataType: "String", StringValue: type } });
  const publish = () =>
    runTool(
      tools.python,
      [
        tools.aws,
        "sns",
        "publish",
        "--topic-arn",
        topic,
        "--message",
        text,
        "--message-attributes",
        attributes,
      ],
      { environment: emulator.env, signal },
    );
  const dynamodb = new DynamoDBClient(emulator.client);
  const sqs = new SQSClient(emulator.client);
  const queues = watchQueues(emulator, [...consumers, drillConsumer(bus, "Sms")]);
  try {
    await publish();
    await publish();
    await queues.settled(signal);
    const { Item } = await dynamodb.send(
      new GetItemCommand({ TableName: sentTable, Key: { pk: { S: orderId } }, ConsistentRead: true }),
    );
    return { runs: Number(Item?.runs?.N ?? 0), readings: await readBack({ dynamodb, sqs, waitSeconds: 0 }) };
  } finally {
    queues.stop();
    dynamodb.destroy();
    sqs.destroy();
  }
}

import { type AttributeValue, DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { perConsumer } from "../frame/drill-consumer.ts";
import { readDeadLetters } from "../frame/read-dead-letters.ts";
import { consumers, effectsTableOf, ordersTable, outboxTable } from "./names.ts";
import type { Effects, Readings } from "./readings.ts";

/**
 * Reads orders, effects, outbox and dead letters, in a process of its own that knows nothing of the run. Prints one line of JSON.
 *
 *   node drills/outbox/witness.ts --endpoint URL --region REGION
 */
const [, , , endpoint = "", , region = ""] = process.argv;
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const client = new DynamoDBClient({ endpoint, region, credentials });
const sqs = new SQSClient({ endpoint, region, credentials });

async function* itemsOf(TableName: string): AsyncGenerator<Record<string, AttributeValue>> {
  const pages = paginateScan({ client }, { TableName, ConsistentRead: true });
  for await (const { Items = [] } of pages) yield* Items;
}

const written = new Map<string, number>();
for await (const { pk, cents } of itemsOf(ordersTable)) written.set(pk?.S ?? "", Number(cents?.N));

const lags: number[] = [];
const effectsOf = async (table: string): Promise<Effects> => {
  const heard = new Map<string, number>();
  let effects = 0;
  for await (const { order, cents, writtenMs, handledMs } of itemsOf(table)) {
    effects += 1;
    heard.set(order?.N ?? "", Number(cents?.N));
    lags.push(Number(handledMs?.N) - Number(writtenMs?.N));
  }
  return {
    orders: heard.size,
    cents: [...heard.values()].reduce((sum, one) => sum + one, 0),
    lost: [...written.keys()].filter((order) => !heard.has(order)).length,
    ghosts: [...heard.keys()].filter((order) => !written.has(order)).length,
    twice: effects - heard.size,
  };
};
const found = await Promise.all(consumers.map(({ name }) => effectsOf(effectsTableOf(name))));
const nothing: Effects = { orders: 0, cents: 0, lost: written.size, ghosts: 0, twice: 0 };
const effects = perConsumer(consumers, (consumer) => found[consumers.indexOf(consumer)] ?? nothing);

let left = 0;
// The leases of sweeps stay when they have been given back.
for await (const { body } of itemsOf(outboxTable)) left += body ? 1 : 0;
const letters = await Promise.all(
  consumers.map(({ deadLetterQueueName: queueName }) => readDeadLetters({ client: sqs, queueName })),
);
lags.sort((one, other) => one - other);
const lagAt = (share: number) => lags[Math.floor(share * (lags.length - 1))] ?? 0;
const readings: Readings = {
  orders: written.size,
  cents: [...written.values()].reduce((sum, one) => sum + one, 0),
  effects,
  ...{ lagP50Ms: lagAt(0.5), lagP99Ms: lagAt(0.99) },
  left,
  deadLetters: letters.reduce((sum, { deadLetters }) => sum + deadLetters, 0),
};
process.stdout.write(`${JSON.stringify(readings)}\n`);

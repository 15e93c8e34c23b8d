import { type AttributeValue, DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readDeadLetters } from "../frame/read-dead-letters.ts";
import { bookTable, consumers, healedKey, outboxTable, outOfTurn, stepsTable } from "./names.ts";
import type { Account, Readings } from "./readings.ts";

/**
 * Reads steps, book, outbox and dead letters, in a process of its own that knows nothing of the run. Prints one line of JSON.
 *
 *   node drills/ordered-outbox/witness.ts --endpoint URL --region REGION
 */
const [, , , endpoint = "", , region = ""] = process.argv;
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const client = new DynamoDBClient({ endpoint, region, credentials });
const sqs = new SQSClient({ endpoint, region, credentials });

async function* itemsOf(TableName: string): AsyncGenerator<Record<string, AttributeValue>> {
  const pages = paginateScan({ client }, { TableName, ConsistentRead: true });
  for await (const { Items = [] } of pages) yield* Items;
}

const written: Record<string, Account> = {};
for await (const { pk, account, cents } of itemsOf(stepsTable)) {
  if (pk?.S === healedKey) continue;
  const name = account?.S ?? "";
  const before = written[name] ?? { steps: 0, cents: 0 };
  written[name] = { steps: before.steps + 1, cents: before.cents + Number(cents?.N) };
}

const booked: Record<string, Account> = {};
const late: string[] = [];
const lags: number[] = [];
for await (const item of itemsOf(bookTable)) {
  const name = item.pk?.S ?? "";
  if (name.startsWith(outOfTurn)) late.push(name.slice(outOfTurn.length));
  else booked[name] = { steps: Number(item.sequence?.N), cents: Number(item.cents?.N) };
  for (const lag of item.lags?.L ?? []) lags.push(Number(lag.N));
}

let left = 0;
// Keys' heads and last sequences, and the leases of sweeps, have no body.
for await (const { body } of itemsOf(outboxTable)) left += body ? 1 : 0;
const letters = await Promise.all(
  consumers.map(({ deadLetterQueueName: queueName }) => readDeadLetters({ client: sqs, queueName })),
);
lags.sort((one, other) => one - other);
const lagAt = (share: number) => lags[Math.floor(share * (lags.length - 1))] ?? 0;
const readings: Readings = {
  ...{ written, booked, outOfTurn: late },
  ...{ lagP50Ms: lagAt(0.5), lagP99Ms: lagAt(0.99) },
  ...{ left, deadLetters: letters.reduce((sum, { deadLetters }) => sum + deadLetters, 0) },
};
process.stdout.write(`${JSON.stringify(readings)}\n`);

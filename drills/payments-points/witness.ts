import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { jobsTableName } from "../../src/names.ts";
import { dynamoReconcileStore } from "../../src/reconcile/index.ts";
import { readDeadLetters } from "../frame/read-dead-letters.ts";
import { bucketName, bus, consumer, job, pointsTable, statementKey } from "./names.ts";
import { type Payment, pointsFor } from "./payment.ts";

/** What was paid and given, and what the reconciliation has open. */
export interface Readings {
  /** Payments that have no points, or others than they earn. */
  readonly without: readonly string[];
  /** Points of no payment. */
  readonly ofNobody: readonly string[];
  readonly pointsEarned: number;
  readonly pointsGiven: number;
  /** Open differences: key and class. */
  readonly open: Readonly<Record<string, string>>;
  readonly deadLetters: number;
}

/**
 * Reads the provider's statement, the points and what is open, in a process of its own. Prints one line of JSON.
 *
 *   node drills/payments-points/witness.ts --endpoint URL --region REGION
 */
const [, , , endpoint = "", , region = ""] = process.argv;
const place = { endpoint, region, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
const client = new DynamoDBClient(place);
const s3 = new S3Client({ ...place, forcePathStyle: true });

const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketName, Key: statementKey }));
const lines = ((await Body?.transformToString()) ?? "").split("\n").filter(Boolean);
const earned = new Map(
  lines.map((line) => JSON.parse(line) as Payment).map(({ payment, cents }) => [payment, pointsFor(cents)]),
);
const given = new Map<string, number>();
for await (const { Items = [] } of paginateScan(
  { client },
  { TableName: pointsTable, ConsistentRead: true },
)) {
  for (const { payment, points } of Items) given.set(payment?.S ?? "", Number(points?.N));
}
const open: Record<string, string> = {};
const store = dynamoReconcileStore({ table: jobsTableName(bus), client });
let cursor: string | undefined;
do {
  const page = await store.list(job, cursor);
  for (const { difference } of page.open) open[difference.key] = difference.class;
  cursor = page.cursor;
} while (cursor !== undefined);
const { deadLetters } = await readDeadLetters({
  client: new SQSClient(place),
  queueName: consumer.deadLetterQueueName,
});
const sum = (points: Iterable<number>) => [...points].reduce((total, one) => total + one, 0);
const readings: Readings = {
  without: [...earned].flatMap(([payment, points]) => (given.get(payment) === points ? [] : [payment])),
  ofNobody: [...given.keys()].filter((payment) => !earned.has(payment)),
  pointsEarned: sum(earned.values()),
  pointsGiven: sum(given.values()),
  open,
  deadLetters,
};
process.stdout.write(`${JSON.stringify(readings)}\n`);

import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { jobsTableName } from "../../src/names.ts";
import { dynamoRepairs } from "../../src/reconcile/index.ts";
import { readDeadLetters } from "../frame/read-dead-letters.ts";
import { type BooksReport, compareBooks } from "./books.ts";
import { type Credit, openCreditBook } from "./credit-book.ts";
import { bookFile, bus, consumer, debitsTable, transfersJob } from "./names.ts";

/** What stands in the books, and what the audit of repairs says. */
export interface Readings {
  readonly books: BooksReport;
  /** Keys whose repair ended well, as often as that was written down; and repairs that ended otherwise. */
  readonly repaired: readonly string[];
  readonly otherRepairs: readonly string[];
  readonly deadLetters: number;
}

/**
 * Reads both books and the audit, in a process of its own. Prints one line of JSON.
 *
 *   node drills/transfer/witness.ts --endpoint URL --region REGION FOLDER
 */
const [, , , endpoint = "", , region = "", folder = ""] = process.argv;
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const client = new DynamoDBClient({ endpoint, region, credentials });
const sqs = new SQSClient({ endpoint, region, credentials });

const debits: Credit[] = [];
for await (const { Items = [] } of paginateScan(
  { client },
  { TableName: debitsTable, ConsistentRead: true },
)) {
  for (const { id, customer, cents, at } of Items) {
    debits.push({
      transfer: id?.S ?? "",
      customer: customer?.S ?? "",
      cents: Number(cents?.N),
      atMs: Number(at?.N),
    });
  }
}
const repairs = dynamoRepairs({ table: jobsTableName(bus), client });
const repaired: string[] = [];
const otherRepairs: string[] = [];
let cursor: string | undefined;
do {
  const page = await repairs.audit(transfersJob, { limit: 100, ...(cursor === undefined ? {} : { cursor }) });
  for (const entry of page.entries) {
    if (entry.what !== "repair") otherRepairs.push(`${entry.what}: ${entry.message}`);
    else if (entry.outcome === "repaired") repaired.push(entry.key);
    else otherRepairs.push(`${entry.key} ${entry.outcome}: ${entry.message ?? ""}`);
  }
  cursor = page.cursor;
} while (cursor !== undefined);
const { deadLetters } = await readDeadLetters({ client: sqs, queueName: consumer.deadLetterQueueName });
const books = compareBooks(debits, openCreditBook(bookFile(folder)).standing());
process.stdout.write(
  `${JSON.stringify({ books, repaired, otherRepairs, deadLetters } satisfies Readings)}\n`,
);

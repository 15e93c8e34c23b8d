import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { ledgerTableName } from "../../src/names.ts";
import { readDeadLetters } from "../frame/read-dead-letters.ts";
import { bus, consumer } from "./names.ts";
import { booksIn } from "./read-books.ts";

/**
 * Reads what a run has left behind, in a process of its own: the partner's books, the dead letters, the ledger. Prints one
 * line of JSON.
 *
 *   node drills/outage/witness.ts --endpoint URL --region REGION books.ndjson
 */
const [, , , endpoint = "", , region = "", file = ""] = process.argv;
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const sqs = new SQSClient({ endpoint, region, credentials });
const dynamodb = new DynamoDBClient({ endpoint, region, credentials });

let maxAttempts = 0;
for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName: ledgerTableName(bus) })) {
  for (const { attempts } of Items) maxAttempts = Math.max(maxAttempts, Number(attempts?.N));
}
const { deadLetters: dead } = await readDeadLetters({
  client: sqs,
  queueName: consumer.deadLetterQueueName,
});
process.stdout.write(`${JSON.stringify({ books: booksIn(file), dead, maxAttempts })}\n`);

import { readFileSync } from "node:fs";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readDeadLetters } from "../frame/read-dead-letters.ts";
import type { BookLine } from "./books.ts";
import { consumers, redeployed } from "./names.ts";
import { quietOf, warmUpOf } from "./options.ts";
import { readBooks } from "./read-books.ts";

/**
 * Reads what a run has left behind, in a process of its own: the partners' books and the dead letters. Prints one line of JSON.
 *
 *   node drills/fulfil/witness.ts --endpoint URL --region REGION books.ndjson 5000
 */
const [, , , endpoint = "", , region = "", file = "", count = ""] = process.argv;
const client = new SQSClient({
  endpoint,
  region,
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});
const orders = Number(count);
const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
const books = readBooks(
  lines.map((line) => JSON.parse(line) as BookLine),
  { orders, quiet: quietOf(orders), warmUp: warmUpOf(orders), redeployed },
);
let deadLetters = 0;
for (const { deadLetterQueueName: queueName } of consumers) {
  deadLetters += (await readDeadLetters({ client, queueName, waitSeconds: 0 })).deadLetters;
}
process.stdout.write(`${JSON.stringify({ books, deadLetters })}\n`);

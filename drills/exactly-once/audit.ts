import { parseArgs } from "node:util";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import type { Books } from "./judge.ts";
import { booksTable } from "./names.ts";

/**
 * The witness: a process of its own that knows nothing of the run but the endpoint, reads the books as any client would, and
 * prints what stands there as one line of JSON.
 *
 *   node drills/exactly-once/audit.ts --endpoint http://127.0.0.1:4566 --region us-east-1
 */
const { values } = parseArgs({ options: { endpoint: { type: "string" }, region: { type: "string" } } });
if (!values.endpoint || !values.region) throw new Error("--endpoint and --region are needed");

const client = new DynamoDBClient({
  endpoint: values.endpoint,
  region: values.region,
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});
const [balances, times]: Record<string, number>[] = [{}, {}];
for await (const { Items = [] } of paginateScan(
  { client },
  { TableName: booksTable, ConsistentRead: true },
)) {
  for (const { id, cents, times: booked } of Items) {
    const name = id?.S ?? "";
    if (booked && times) times[name.slice("transfer-".length)] = Number(booked.N);
    else if (balances) balances[name] = Number(cents?.N);
  }
}
process.stdout.write(`${JSON.stringify({ balances: balances ?? {}, times: times ?? {} } satisfies Books)}\n`);

import { parseArgs } from "node:util";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { archiveKind, parseArchiveLine } from "../../src/archive/index.ts";
import { archiveBucketName } from "../../src/names.ts";
import { formatOffset, readLines, s3Objects, segmentsOf } from "../../src/segments/index.ts";
import { bus, type ConsumerName, consumers, times } from "./names.ts";
import type { Noted, Witnessed } from "./witnessed.ts";

/**
 * The witness: a process of its own that knows nothing of the run but the endpoint, reads tables and archive as any client
 * would, and prints what it found as one line of JSON. Of what replays say it reads nothing.
 *
 *   node drills/replay/witness.ts --endpoint http://127.0.0.1:4566 --region us-east-1
 */
const { values } = parseArgs({ options: { endpoint: { type: "string" }, region: { type: "string" } } });
if (!values.endpoint || !values.region) throw new Error("--endpoint and --region are needed");

const target = {
  endpoint: values.endpoint,
  region: values.region,
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
};
const dynamodb = new DynamoDBClient(target);
const { Account = "" } = await new STSClient(target).send(new GetCallerIdentityCommand({}));
const bucket = archiveBucketName(bus, Account, values.region);
const store = s3Objects({ bucket, client: new S3Client({ ...target, forcePathStyle: true }) });

const effects = await Promise.all(
  consumers.map(async ({ name, tableName }) => {
    const noted: Noted[] = [];
    const scan = { TableName: tableName, ConsistentRead: true };
    for await (const { Items = [] } of paginateScan({ client: dynamodb }, scan)) {
      for (const { orderId, atMs } of Items) {
        noted.push({ orderId: orderId?.S ?? "", atMs: Number(atMs?.N) });
      }
    }
    return [name, noted] as const;
  }),
);
const archived: [string, string][] = [];
const spanMs = times.spanMinutes * 60_000;
for await (const page of readLines(segmentsOf({ store, kind: archiveKind, spanMs }))) {
  for (const { line, offset } of page) {
    archived.push([parseArchiveLine(line.bytes).id ?? "", offset ? formatOffset(offset) : ""]);
  }
}
const witnessed: Witnessed = {
  effects: Object.fromEntries(effects) as Record<ConsumerName, Noted[]>,
  archived,
};
process.stdout.write(`${JSON.stringify(witnessed)}\n`);

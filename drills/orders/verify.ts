import { parseArgs } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { archiveBucketName } from "../../src/names.ts";
import { s3Objects } from "../../src/segments/index.ts";
import { bus } from "./consumers.ts";
import { readKept } from "./kept.ts";
import { readBack } from "./readings.ts";
import type { Witnessed } from "./witnessed.ts";

/**
 * The witness: a process of its own that knows nothing of the run but the endpoint, reads tables, dead-letter
 * queues and the archive as any client would, and prints what it found as one line of JSON.
 *
 *   node drills/orders/verify.ts --endpoint http://127.0.0.1:4566 --region us-east-1
 */
const { values } = parseArgs({ options: { endpoint: { type: "string" }, region: { type: "string" } } });
if (!values.endpoint || !values.region) throw new Error("--endpoint and --region are needed");

const target = {
  endpoint: values.endpoint,
  region: values.region,
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
};
const { Account = "" } = await new STSClient(target).send(new GetCallerIdentityCommand({}));
const bucket = archiveBucketName(bus, Account, values.region);
const [readings, kept] = await Promise.all([
  readBack({ dynamodb: new DynamoDBClient(target), sqs: new SQSClient(target) }),
  readKept(s3Objects({ bucket, client: new S3Client({ ...target, forcePathStyle: true }) })),
]);
const witnessed: Witnessed = { readings, kept };
process.stdout.write(`${JSON.stringify(witnessed)}\n`);

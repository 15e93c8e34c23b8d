import { parseArgs } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readBack } from "./readings.ts";

/**
 * The witness: a process of its own that knows nothing of the run but the endpoint, reads table and dead letters as any
 * client would, and prints what it found as one line of JSON.
 *
 *   node drills/recommender/verify.ts --endpoint http://127.0.0.1:4566 --region us-east-1
 */
const { values } = parseArgs({ options: { endpoint: { type: "string" }, region: { type: "string" } } });
if (!values.endpoint || !values.region) throw new Error("--endpoint and --region are needed");

const target = {
  endpoint: values.endpoint,
  region: values.region,
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
};
const readings = await readBack({ dynamodb: new DynamoDBClient(target), sqs: new SQSClient(target) });
process.stdout.write(`${JSON.stringify(readings)}\n`);

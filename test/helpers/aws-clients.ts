import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";
import { isRealCloud } from "../../src/real-cloud.ts";

/** Clients of one endpoint on this machine; nothing can reach the real cloud. */
export function awsClients(
  endpoint: string,
  credentials = { accessKeyId: "local", secretAccessKey: "local" },
) {
  // A cloud that did not start has none: then every call would go to Amazon.
  if (isRealCloud(endpoint)) throw new Error(`no endpoint of this machine: ${endpoint}`);
  const settings = {
    endpoint,
    region: "us-east-1",
    credentials,
  };
  const clients = {
    sns: new SNSClient(settings),
    sqs: new SQSClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    dynamodb: new DynamoDBClient(settings),
    lambda: new LambdaClient(settings),
    sts: new STSClient(settings),
  };
  return {
    ...clients,
    destroy: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

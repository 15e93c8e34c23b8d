import { createHash, randomUUID } from "node:crypto";
import type { Context, SQSEvent, SQSRecord } from "aws-lambda";
import { order } from "./order.ts";

/** Records in one batch, as Lambda's mapping hands them over by default. */
export const batchSize = 10;

/** One batch of first deliveries: every event is new. */
export function freshBatch(): SQSEvent {
  return { Records: Array.from({ length: batchSize }, (_, index) => freshRecord(index)) };
}

/** What Lambda hands over with a batch. */
export const lambdaContext: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: "bench-Points",
  functionVersion: "$LATEST",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:bench-Points",
  memoryLimitInMB: "1769",
  awsRequestId: "bench",
  logGroupName: "/aws/lambda/bench-Points",
  logStreamName: "bench",
  getRemainingTimeInMillis: () => 30_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};

function freshRecord(serial: number): SQSRecord {
  const id = randomUUID();
  const body = JSON.stringify({
    specversion: "1.0",
    id,
    source: "shop/orders",
    type: "order.created",
    time: new Date().toISOString(),
    datacontenttype: "application/json",
    dataschema: "urn:omnibus:order.created:1",
    correlationid: id,
    data: order(serial),
  });
  return {
    messageId: randomUUID(),
    receiptHandle: "receipt",
    body,
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: String(Date.now()),
      SenderId: "AIDACKCEVSQ6C2EXAMPLE",
      ApproximateFirstReceiveTimestamp: String(Date.now()),
    },
    messageAttributes: {
      type: { stringValue: "order.created", dataType: "String" },
    },
    md5OfBody: createHash("md5").update(body).digest("hex"),
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:bench-Points",
    awsRegion: "us-east-1",
  };
}

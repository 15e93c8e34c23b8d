import type { StreamRecord } from "./ports.ts";

/** A record on its way to a function. */
export interface StreamEntry {
  readonly record: StreamRecord;
  /** JSON text in the shape of AWS's DynamoDB event. (with-ddb) */
  readonly json: string;
  readonly bytes: number;
  readonly createdMs: number;
  /** Behind this record. */
  readonly position: string;
}

/** The record in the form that Lambda gives it, also to its filters. */
export function lambdaRecord(record: StreamRecord, streamArn: string): object {
  return {
    eventID: record.eventID,
    eventName: record.eventName,
    eventVersion: record.eventVersion,
    eventSource: "aws:dynamodb",
    awsRegion: record.awsRegion,
    dynamodb: record.dynamodb,
    eventSourceARN: streamArn,
  };
}

/** Makes the entry of a record; `lambda` is its form for functions. */
export function entryOf(record: StreamRecord, lambda: object, position: string): StreamEntry {
  const json = JSON.stringify(lambda);
  return {
    record,
    json,
    // And the comma after it.
    bytes: Buffer.byteLength(json) + 1,
    createdMs: record.dynamodb.ApproximateCreationDateTime * 1_000,
    position,
  };
}

import { type Clock, uuidv7 } from "../../../src/clock.ts";
import type { InvokeResult } from "../ports.ts";
import type { StreamEntry } from "./stream-record.ts";

/** Why records are discarded, in AWS's words. */
export type DiscardCondition = "RetryAttemptsExhausted" | "RecordAgeExceeded";

/** Records that are given up. */
export interface Discarded {
  readonly entries: readonly StreamEntry[];
  readonly condition: DiscardCondition;
  readonly invocations: number;
  /** What the last invocation ended with, if there was one. */
  readonly result: InvokeResult | undefined;
}

/**
 * What a destination is told of discarded records: where they lie in the stream, and not what is in them. JSON text.
 * (services-ddb-errors, "on-failure destination")
 */
export function describeDiscarded(
  { entries, condition, invocations, result }: Discarded,
  {
    streamArn,
    shardId,
    functionArn,
    clock,
  }: {
    streamArn: string;
    shardId: string;
    functionArn: string;
    clock: Clock;
  },
): string {
  const [first] = entries;
  const last = entries.at(-1);
  const timeOf = (entry: StreamEntry | undefined) =>
    new Date(entry?.createdMs ?? 0).toISOString().replace(/\.\d+Z$/, "Z");
  return JSON.stringify({
    requestContext: {
      requestId: uuidv7(clock),
      functionArn,
      condition,
      approximateInvokeCount: invocations,
    },
    ...(result === undefined
      ? {}
      : {
          responseContext: {
            statusCode: 200,
            executedVersion: "$LATEST",
            ...(result.status === "error" ? { functionError: "Unhandled" } : {}),
          },
        }),
    version: "1.0",
    timestamp: new Date(clock.nowMs()).toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first?.record.dynamodb.SequenceNumber,
      endSequenceNumber: last?.record.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: timeOf(first),
      approximateArrivalOfLastRecord: timeOf(last),
      batchSize: entries.length,
      streamArn,
    },
  });
}

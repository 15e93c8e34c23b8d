import type { SQSClient } from "@aws-sdk/client-sqs";
import type { CloudReads } from "../ops/doctor/index.ts";
import type { ConsumerRef } from "../ops/find-consumers.ts";
import type { Target } from "../ops/target.ts";
import type { LedgerReader } from "../src/ledger/index.ts";
import { ledgerTableName } from "../src/names.ts";
import type { ParkedStore } from "../src/parking/index.ts";
import { loadOps } from "./load-ops.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** A cloud that a command looks at: where it is, and whom to ask. */
export interface OpenCloud {
  readonly target: Target;
  readonly reads: CloudReads;
  readonly sqs: SQSClient;
  /** The parked groups of a bus. */
  parked(bus: string): ParkedStore;
  /** What the ledger of a bus knows. */
  ledger(bus: string): LedgerReader;
  /** How long a queue that seems empty is waited for: AWS asks all of its servers only then, stand-ins have one. */
  readonly waitSeconds: number;
  /** Every consumer there is, or those of one bus. Throws `UsageError` when there is no such bus. */
  consumers(bus: string | undefined): Promise<readonly ConsumerRef[]>;
  /** The one of this name. Throws `UsageError` that says which there are. */
  consumer(name: string, bus: string | undefined): Promise<ConsumerRef>;
}

/**
 * Says which account and endpoint a command goes to, then runs it. Throws `UsageError` when there are no credentials
 * for it. Loads the AWS SDK, and closes what it has opened.
 */
export async function withCloud<Result>(
  terminal: Pick<Terminal, "say">,
  run: (cloud: OpenCloud) => Promise<Result>,
): Promise<Result> {
  // Loaded here, so that `bus --help` does not wait for the AWS SDK.
  const { findTarget, targetText } = await loadOps(() => import("../ops/target.ts"));
  const { sdkReads } = await loadOps(() => import("../ops/doctor/index.ts"));
  const { openParked } = await loadOps(() => import("../ops/parked/index.ts"));
  const { ConsumerError, findConsumer, listConsumers } = await import("../ops/find-consumers.ts");
  const { dynamoLedgerReader } = await import("../src/ledger/index.ts");
  const { DynamoDBClient } = await import("@aws-sdk/client-dynamodb");
  const { SQSClient } = await import("@aws-sdk/client-sqs");
  const { awsClient } = await import("../src/aws-client.ts");
  const target = await findTarget();
  terminal.say(`target: ${targetText(target)}`);
  if (target.identity === undefined) {
    throw new UsageError(`${target.problem}: nothing was done; bus doctor tells what to set`);
  }
  const reads = sdkReads();
  const sqs = awsClient(SQSClient, { maxAttempts: 3 });
  const parked = openParked();
  const dynamo = awsClient(DynamoDBClient, { maxAttempts: 3 });
  const asUsage = async <Value>(work: Promise<Value>): Promise<Value> => {
    try {
      return await work;
    } catch (thrown) {
      throw thrown instanceof ConsumerError ? new UsageError(thrown.message) : thrown;
    }
  };
  try {
    return await run({
      target,
      reads,
      sqs,
      parked: parked.of,
      ledger: (bus) => dynamoLedgerReader({ table: ledgerTableName(bus), client: dynamo }),
      waitSeconds: target.isRealCloud ? 1 : 0,
      consumers: (bus) => asUsage(listConsumers(reads, { bus })),
      consumer: (consumer, bus) => asUsage(findConsumer(reads, { consumer, bus })),
    });
  } finally {
    reads.close();
    sqs.destroy();
    dynamo.destroy();
    parked.close();
  }
}

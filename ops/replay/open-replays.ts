import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { awsClient } from "../../src/aws-client.ts";
import type { Clock } from "../../src/clock.ts";
import { dynamoLedgerReader, type LedgerReader } from "../../src/ledger/index.ts";
import { jobsTableName, ledgerTableName } from "../../src/names.ts";
import {
  type CallMember,
  dynamoReplays,
  lambdaMembers,
  type ReplayParts,
  type ReplayStore,
  sqsReplayQueue,
} from "../../src/replay/index.ts";
import type { Segments } from "../../src/segments/index.ts";

/** What replays need of a cloud, but for the archive. */
export interface OpenReplays {
  store(bus: string): ReplayStore;
  /** All parts of one; without a ledger for a consumer of mode `none`, which keeps none. */
  parts(of: { readonly bus: string; readonly archive: Segments; readonly mode: string }): ReplayParts;
  ledger(bus: string): LedgerReader;
  /** Calls the members of a fleet. */
  members(bus: string): CallMember;
  close(): void;
}

/** Opens the jobs table, the ledger and the queues of this environment. */
export function openReplays({ clock }: { readonly clock: Clock }): OpenReplays {
  const dynamodb = awsClient(DynamoDBClient, { maxAttempts: 5 });
  const sqs = awsClient(SQSClient, { maxAttempts: 5 });
  const lambda = awsClient(LambdaClient, { maxAttempts: 5 });
  const store = (bus: string) => dynamoReplays({ table: jobsTableName(bus), client: dynamodb, clock });
  const ledger = (bus: string) =>
    dynamoLedgerReader({ table: ledgerTableName(bus), client: dynamodb, clock });
  return {
    store,
    ledger,
    parts: ({ bus, archive, mode }) => ({
      store: store(bus),
      archive,
      queue: sqsReplayQueue({ client: sqs }),
      ledger: mode === "none" ? undefined : ledger(bus),
      clock,
    }),
    members: (bus) => lambdaMembers({ bus, client: lambda }),
    close() {
      dynamodb.destroy();
      lambda.destroy();
      sqs.destroy();
    },
  };
}

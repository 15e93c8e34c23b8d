import type { DelayedWorld } from "../ops/delayed/index.ts";
import type { KnownConsumer } from "../ops/trace/index.ts";
import type { LedgerReader } from "../src/ledger/index.ts";
import { ledgerTableName } from "../src/names.ts";
import { loadOps } from "./load-ops.ts";
import { type ArchiveChoice, type OpenArchive, withArchive } from "./open-archive.ts";
import { withCloud } from "./open-cloud.ts";
import type { Terminal } from "./terminal.ts";

/** A bus's archive, with who takes its events and what they have made of them. */
export interface OpenTrace extends OpenArchive {
  readonly consumers: readonly KnownConsumer[];
  /** `undefined` on a data folder: its tables are not read. */
  readonly ledger: LedgerReader | undefined;
  /** Its delayed events; `undefined` where it delays none, and on a data folder. */
  readonly delays: DelayedWorld | undefined;
}

/** Opens a bus as `withArchive` does; in a cloud its consumers and its ledger, too. */
export function withTrace<Result>(
  terminal: Pick<Terminal, "say" | "directory">,
  choice: ArchiveChoice,
  run: (open: OpenTrace) => Promise<Result>,
): Promise<Result> {
  return withArchive(terminal, choice, async (open) => {
    if ("data" in open.where) return run({ ...open, consumers: [], ledger: undefined, delays: undefined });
    const { openDelayed } = await loadOps(() => import("../ops/delayed/index.ts"));
    const { knownConsumers } = await loadOps(() => import("../ops/trace/index.ts"));
    const { dynamoLedgerReader } = await import("../src/ledger/index.ts");
    const { awsClient } = await import("../src/aws-client.ts");
    const { DynamoDBClient } = await loadOps(() => import("@aws-sdk/client-dynamodb"));
    const client = awsClient(DynamoDBClient, { maxAttempts: 5 });
    const delayed = openDelayed();
    const ledger = dynamoLedgerReader({ table: ledgerTableName(open.bus), client });
    try {
      // Where it goes was said when the archive was opened.
      return await withCloud({ say: () => {} }, async ({ reads }) => {
        const [consumers, [delays]] = await Promise.all([
          knownConsumers(reads, open.bus),
          // Functions that may not be listed are told of elsewhere.
          delayed.list(open.bus).catch(() => []),
        ]);
        return run({ ...open, ledger, delays, consumers });
      });
    } finally {
      client.destroy();
      delayed.close();
    }
  });
}

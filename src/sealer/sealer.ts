import { archiveKind } from "../archive/index.ts";
import { type Clock, systemClock, uuidv7 } from "../clock.ts";
import type { ArchiveSettings } from "../env.ts";
import { journalKind } from "../journal/index.ts";
import { dynamoLeases, type Leases } from "../leases/index.ts";
import { archiveBucketName, jobsTableName } from "../names.ts";
import { type ObjectStore, s3Objects, segmentsOf, spanSealer, tidyRaw } from "../segments/index.ts";
import { type Sink, standardOutput } from "../telemetry/index.ts";
import { type SealedNow, sealKind } from "./seal-kind.ts";

/** What tests put in the place of AWS. */
export interface SealerParts {
  /** @default the bus's bucket */
  readonly store?: ObjectStore;
  /** @default the bus's jobs table */
  readonly leases?: Leases;
  readonly clock?: Clock;
  readonly sink?: Sink;
}

/** A Lambda function that is run by a schedule. Answers what it has sealed. */
export type SealerHandler = (
  event: unknown,
  context: { getRemainingTimeInMillis(): number },
) => Promise<{ readonly archive: SealedNow; readonly journal: SealedNow }>;

/**
 * Makes the function that seals the archive's and the journal's spans: of each kind, those that are closed, oldest first, as long
 * as there is time; the next run goes on. Then raw objects go that were sealed longer ago than they are to be kept. Each kind is in one hand at a time, by a lease. Killed anywhere, nothing has changed
 * that readers see.
 *
 * Throws when a span could not be sealed, after it has sealed all others: so that it shows in Lambda's own metrics.
 */
export function sealer(
  settings: ArchiveSettings,
  { store, leases, clock = systemClock, sink = standardOutput }: SealerParts = {},
): SealerHandler {
  const { bus, account, region, spanMs, graceMs, rawKeepMs } = settings;
  const bucket = store ?? s3Objects({ bucket: archiveBucketName(bus, account, region), clock });
  const kinds = [archiveKind, journalKind].map((kind) => {
    const segments = segmentsOf({ store: bucket, kind, spanMs, graceMs, clock });
    return {
      name: kind.name as "archive" | "journal",
      // Kept between invocations: it knows what it has sealed.
      spans: spanSealer(segments),
      tidy: (proceed: () => Promise<void>) => tidyRaw(segments, { keepMs: rawKeepMs, proceed }),
    };
  });
  const held = leases ?? dynamoLeases({ table: jobsTableName(bus), clock });

  return async (_event, context) => {
    const owner = uuidv7(clock);
    const deadlineMs = clock.nowMs() + context.getRemainingTimeInMillis();
    // Side by side, so that a backlog of one does not keep the other waiting.
    const runs = kinds.map((kind) =>
      sealKind({ bus, ...kind, leases: held, owner, deadlineMs, spanMs, graceMs, clock, sink }),
    );
    const ends = await Promise.allSettled(runs);
    const failures = ends.flatMap((end) => (end.status === "fulfilled" ? end.value.failures : [end.reason]));
    if (failures.length > 0) throw failures[0];
    const [archive, journal] = (await Promise.all(runs)) as [SealedNow, SealedNow];
    return { archive, journal };
  };
}

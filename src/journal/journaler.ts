import { type Clock, systemClock } from "../clock.ts";
import type { ArchiveSettings } from "../env.ts";
import { SettingsError } from "../errors.ts";
import { archiveBucketName } from "../names.ts";
import { type ObjectStore, s3Objects, segmentsOf, writeRaw } from "../segments/index.ts";
import { emitMetrics, type Sink, standardOutput } from "../telemetry/index.ts";
import { completionOf, type StreamRecord } from "./completion.ts";
import { journalKind, lineOf } from "./journal-kind.ts";
import { journalLine } from "./journal-line.ts";

/** What tests put in the place of AWS. */
export interface JournalerParts {
  /** @default the bus's bucket */
  readonly store?: ObjectStore;
  readonly clock?: Clock;
  readonly sink?: Sink;
}

/** A Lambda function behind the ledger table's stream, without partial answers. */
export type JournalerHandler = (event: { readonly Records: readonly StreamRecord[] }) => Promise<void>;

/**
 * Makes the function that journals what was completed: each batch of the ledger's stream becomes one raw object, when anything in
 * it was done or died.
 *
 * At least once. It throws when the object could not be written, and the batch comes again, as long as the stream keeps it;
 * nothing that is in a record makes it throw.
 */
export function journaler(
  settings: ArchiveSettings,
  { store, clock = systemClock, sink = standardOutput }: JournalerParts = {},
): JournalerHandler {
  const { bus, account, region, spanMs, graceMs } = settings;
  const segments = segmentsOf({
    store: store ?? s3Objects({ bucket: archiveBucketName(bus, account, region), clock }),
    kind: journalKind,
    spanMs,
    graceMs,
    clock,
  });

  return async ({ Records: records }) => {
    if (!Array.isArray(records)) {
      throw new SettingsError(
        "not-a-stream",
        "the journaler was invoked with something that is no batch of a stream (it has no Records): invoke it through the event source mapping of the ledger table's stream",
      );
    }
    const completions = (records as readonly StreamRecord[]).flatMap((record) => completionOf(record) ?? []);
    if (completions.length === 0) return;
    await writeRaw(
      segments,
      completions.map((completion) => lineOf(journalLine(completion))),
    );
    const timeMs = clock.nowMs();
    const oldestMs = completions.reduce((least, { completedMs }) => Math.min(least, completedMs), timeMs);
    emitMetrics({
      dimensions: { Bus: bus, Kind: "journal" },
      timeMs,
      values: { Journaled: completions.length, JournalLagMs: timeMs - oldestMs },
      sink,
    });
  };
}

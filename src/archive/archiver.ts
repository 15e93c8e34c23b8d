import { type Clock, systemClock } from "../clock.ts";
import type { ArchiveSettings } from "../env.ts";
import { SettingsError } from "../errors.ts";
import { archiveBucketName } from "../names.ts";
import { type ObjectStore, s3Objects, segmentsOf, writeRaw } from "../segments/index.ts";
import { emitMetrics, type Sink, standardOutput } from "../telemetry/index.ts";
import { archiveKind, rawLineOf } from "./archive-kind.ts";
import { archiveLine } from "./archive-lines.ts";
import { type ArchiveRecord, archivedMessage } from "./archived-message.ts";

/** What tests put in the place of AWS. */
export interface ArchiverParts {
  /** @default the bus's bucket */
  readonly store?: ObjectStore;
  readonly clock?: Clock;
  readonly sink?: Sink;
}

/** A Lambda function behind an SQS event source mapping, without partial answers. */
export type ArchiverHandler = (event: { readonly Records: readonly ArchiveRecord[] }) => Promise<void>;

/**
 * Makes the function that archives what was published: each batch of the archive's queue becomes one raw object.
 *
 * At least once. It throws when the object could not be written, and the whole batch comes again; nothing that is in a message
 * makes it throw, and what is no event is kept as well.
 */
export function archiver(
  settings: ArchiveSettings,
  { store, clock = systemClock, sink = standardOutput }: ArchiverParts = {},
): ArchiverHandler {
  const { bus, account, region, spanMs, graceMs } = settings;
  const segments = segmentsOf({
    store: store ?? s3Objects({ bucket: archiveBucketName(bus, account, region), clock }),
    kind: archiveKind,
    spanMs,
    graceMs,
    clock,
  });

  return async ({ Records: records }) => {
    if (!Array.isArray(records)) {
      throw new SettingsError(
        "not-sqs",
        "the archiver was invoked with something that is no SQS batch (it has no Records): invoke it through its queue's event source mapping",
      );
    }
    let archived = 0;
    let oldestMs = Number.POSITIVE_INFINITY;
    const lines = (records as readonly ArchiveRecord[]).map((record) => {
      const message = archivedMessage(record, bus);
      const { line, lastMs } = archiveLine(message);
      archived += line.packed ?? 1;
      oldestMs = Math.min(oldestMs, message.publishedMs);
      return { ...rawLineOf(line), lastMs };
    });
    await writeRaw(segments, lines);
    const timeMs = clock.nowMs();
    emitMetrics({
      dimensions: { Bus: bus, Kind: "archive" },
      timeMs,
      values: { Archived: archived, ArchiveLagMs: Math.max(0, timeMs - oldestMs) },
      sink,
    });
  };
}

import { archiveKind } from "../../src/archive/index.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import { journalKind } from "../../src/journal/index.ts";
import {
  listSpans,
  type Manifest,
  type ObjectStore,
  readManifest,
  type SegmentKind,
  type Segments,
  segmentsOf,
} from "../../src/segments/index.ts";

/** What a bus has kept, to be read. */
export interface BusArchive {
  readonly bus: string;
  readonly archive: Segments;
  readonly journal: Segments;
}

const recentMs = 2 * 86_400_000;
/** The last ones may not be sealed yet. */
const spansLookedAt = 16;

/**
 * Opens a bus's archive and journal over its bucket. Only writers are told how long a span is; readers take it from the newest span
 * that is sealed, and an hour where none is.
 */
export async function openBusArchive({
  bus,
  store,
  clock = systemClock,
}: {
  readonly bus: string;
  readonly store: ObjectStore;
  readonly clock?: Clock;
}): Promise<BusArchive> {
  const open = (kind: SegmentKind, spanMs?: number) =>
    segmentsOf({ store, kind, clock, ...(spanMs === undefined ? {} : { spanMs }) });
  const sealed = (await newestSealed(open(archiveKind))) ?? (await newestSealed(open(journalKind)));
  const spanMs = sealed && sealed.toMs - sealed.fromMs;
  return { bus, archive: open(archiveKind, spanMs), journal: open(journalKind, spanMs) };
}

async function newestSealed(segments: Segments): Promise<Manifest | undefined> {
  const recent = await newestFrom(segments, segments.clock.nowMs() - recentMs);
  return recent ?? newestFrom(segments, 0);
}

async function newestFrom(segments: Segments, fromMs: number): Promise<Manifest | undefined> {
  const last: string[] = [];
  for await (const span of listSpans(segments, { fromMs })) {
    last.push(span);
    if (last.length > spansLookedAt) last.shift();
  }
  for (const span of last.reverse()) {
    const found = await readManifest(segments, span);
    if (found) return found.manifest;
  }
  return undefined;
}

import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, systemClock } from "../../src/clock.ts";
import { spanStartMs } from "../../src/segments/index.ts";
import type { BusArchive } from "../archive/index.ts";
import { type CopyCache, copyCache } from "./copy-cache.ts";
import { type FetchProgress, fetchCopies } from "./fetch-copies.ts";
import type { DuckDB } from "./load-duckdb.ts";
import { type NeededSpan, neededSpans } from "./needed-spans.ts";
import { type Answer, openDatabase } from "./open-database.ts";
import { QueryError } from "./query-error.ts";
import type { View } from "./views.ts";
import { workFolder } from "./work-folder.ts";

export interface AskOptions {
  readonly archive: BusArchive;
  readonly sql: string;
  /** Only what was written in spans between; without `fromMs` all there is, as long as that is not too much to fetch unasked. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Where copies are kept between questions. @default nowhere */
  readonly cacheFolder?: string | undefined;
  readonly memoryMb?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FetchProgress) => void;
  /** Said when copies cannot be kept. */
  readonly onNote?: (text: string) => void;
  readonly clock?: Clock;
  readonly load?: () => Promise<DuckDB>;
}

/** What it took to answer. Times in milliseconds. */
export interface AskCosts extends FetchProgress {
  readonly spans: number;
  /** Of those, the ones that are not sealed yet. */
  readonly openSpans: number;
  readonly openMs: number;
  readonly listMs: number;
  readonly fetchMs: number;
  /** Until the first rows were there. */
  readonly askMs: number;
}

/** An answer that is being read, and what it took. */
export interface Asked {
  readonly answer: Answer;
  readonly costs: AskCosts;
  /** Forgets all that was made for this question; copies that are kept stay. */
  close(): void;
}

/** Unpacked. What is more has to be asked for: it may cost money to fetch, and a long time. */
const maxUnaskedBytes = 4 * 1024 ** 3;

/**
 * Asks a bus's archive and journal a question in SQL: looks at it first, then fetches copies of what it needs, then answers.
 *
 * Throws `QueryError` (`sql`, `too-much`, `query-failed`, `package-missing`), `OmnibusError` (`interrupted`).
 */
export async function askArchive(options: AskOptions): Promise<Asked> {
  const { archive, sql, cacheFolder, clock = systemClock, signal, onProgress = () => {} } = options;
  const { place, cache } = placeOf(cacheFolder, clock, options.onNote ?? (() => {}));
  const work = workFolder(place, clock);
  const lap = laps(clock);
  let database: Awaited<ReturnType<typeof openDatabase>> | undefined;
  const close = () => {
    database?.close();
    work.remove();
    cache?.trim();
  };
  try {
    const { memoryMb, load } = options;
    database = await openDatabase({
      folder: work.path,
      ...(memoryMb === undefined ? {} : { memoryMb }),
      ...(load ? { load } : {}),
    });
    const kinds = await database.check(sql);
    const openMs = lap();
    const needed = await Promise.all(kinds.map((kind) => neededOf(archive, kind, options)));
    if (options.fromMs === undefined) refuseTooMuch(needed.flat());
    const listMs = lap();

    let progress: FetchProgress = { objects: 0, allObjects: 0, cached: 0, fetchedBytes: 0 };
    const files: Partial<Record<View["kind"], readonly string[]>> = {};
    for (const [index, kind] of kinds.entries()) {
      const before = progress;
      const left = needed.slice(index + 1).flat();
      files[kind] = await fetchCopies({
        segments: archive[kind],
        spans: needed[index] ?? [],
        folder: work.path,
        ...{ cache, signal },
        onProgress: (now) => {
          progress = added(before, now);
          onProgress({ ...progress, allObjects: progress.allObjects + objectsOf(left) });
        },
      });
    }
    await database.show(files);
    const fetchMs = lap();
    const answer = await database.ask(sql, signal);
    const times = { openMs, listMs, fetchMs, askMs: lap() };
    const spans = needed.flat();
    const openSpans = spans.filter(({ raws }) => raws.length > 0).length;
    return { answer, costs: { ...progress, spans: spans.length, openSpans, ...times }, close };
  } catch (thrown) {
    close();
    throw thrown;
  }
}

function placeOf(
  folder: string | undefined,
  clock: Clock,
  note: (text: string) => void,
): { readonly place: string; readonly cache: CopyCache | undefined } {
  if (folder !== undefined) {
    try {
      return { place: folder, cache: copyCache(join(folder, "segments"), { clock }) };
    } catch (thrown) {
      note(`copies are not kept: ${folder} cannot be written to (${(thrown as Error).message})`);
    }
  }
  return { place: tmpdir(), cache: undefined };
}

function neededOf(
  archive: BusArchive,
  kind: View["kind"],
  { fromMs, toMs }: Pick<AskOptions, "fromMs" | "toMs">,
): Promise<readonly NeededSpan[]> {
  return neededSpans(archive[kind], {
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
  });
}

function refuseTooMuch(spans: readonly NeededSpan[]): void {
  const bytes = spans.flatMap(({ segments }) => segments).reduce((sum, one) => sum + one.bytes, 0);
  if (bytes <= maxUnaskedBytes) return;
  const first = new Date(spanStartMs(spans[0]?.span ?? "") ?? 0).toISOString();
  throw new QueryError(
    "too-much",
    `all there is: ${spans.length} spans, ${(bytes / 1024 ** 3).toFixed(1)} GiB unpacked: give --from (and --to), as in --from 24h; --from ${first.slice(0, 10)} is all of it`,
  );
}

function objectsOf(spans: readonly NeededSpan[]): number {
  return spans.reduce((sum, { segments, raws }) => sum + segments.length + raws.length, 0);
}

function added(one: FetchProgress, other: FetchProgress): FetchProgress {
  return {
    objects: one.objects + other.objects,
    allObjects: one.allObjects + other.allObjects,
    cached: one.cached + other.cached,
    fetchedBytes: one.fetchedBytes + other.fetchedBytes,
  };
}

/** Answers how long it is since it was asked the last time. */
function laps(clock: Clock): () => number {
  let lastMs = clock.nowMs();
  return () => {
    const nowMs = clock.nowMs();
    const ms = nowMs - lastMs;
    lastMs = nowMs;
    return ms;
  };
}

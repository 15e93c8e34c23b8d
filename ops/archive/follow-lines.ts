import { sleep } from "../../src/clock.ts";
import {
  identitySet,
  type Line,
  listRawFrom,
  newLines,
  type PlacedRaw,
  type Segments,
  spanAt,
} from "../../src/segments/index.ts";

/** New objects hold lines of the last seconds, mostly, and their names begin with the first one's time. */
const recentMs = 120_000;
/** Those whose lines are older are looked for less often: finding them takes a listing of whole spans. */
const wholeEveryMs = 15_000;
/** No writer is at work in a span for longer than that after its end: a function takes a quarter of an hour at most, twice. */
const latestMs = 1_800_000;
const hourMs = 3_600_000;

/** What turns up in an archive from a moment on. */
export interface Follower {
  /** Says that a line is known already: it is not told. */
  know(line: Line): void;
  /**
   * The lines that have turned up, some at a time, each once, until `signal` aborts. Looks every `everyMs`; a line that was
   * archived long after its time is found a quarter of a minute later.
   */
  lines(options?: {
    readonly everyMs?: number;
    readonly signal?: AbortSignal;
  }): AsyncGenerator<readonly Line[]>;
}

/**
 * Begins to follow: what is in the store now is known, so read it after this call, and say which lines those were. A line that
 * comes while one reads is then told once.
 */
export async function followLines(segments: Segments): Promise<Follower> {
  const { clock, spanMs } = segments;
  const known = identitySet();
  const seen = new Map<string, Set<string>>();
  let wholeAtMs = clock.nowMs();

  const isNew = ({ span, raw }: PlacedRaw): boolean => {
    const names = seen.get(span) ?? new Set();
    if (names.has(raw.name)) return false;
    seen.set(span, names.add(raw.name));
    return true;
  };
  const look = async (from: Parameters<typeof listRawFrom>[1]): Promise<Map<string, PlacedRaw["raw"][]>> => {
    const found = new Map<string, PlacedRaw["raw"][]>();
    for await (const placed of listRawFrom(segments, from)) {
      if (!isNew(placed)) continue;
      const raws = found.get(placed.span);
      if (raws) raws.push(placed.raw);
      else found.set(placed.span, [placed.raw]);
    }
    return found;
  };
  const lookAtAll = (sinceMs: number) => {
    // Spans may have become longer since the newest one that is sealed.
    const span = spanAt(sinceMs - latestMs, Math.max(spanMs, hourMs));
    for (const before of seen.keys()) if (before < span) seen.delete(before);
    return look({ span });
  };
  const lookNow = () => {
    const nowMs = clock.nowMs();
    const sinceMs = wholeAtMs;
    if (nowMs - sinceMs >= wholeEveryMs) {
      wholeAtMs = nowMs;
      return lookAtAll(sinceMs);
    }
    const firstMs = nowMs - recentMs;
    return look({ span: spanAt(firstMs, spanMs), firstMs });
  };

  await lookAtAll(wholeAtMs);
  return {
    know(line) {
      known.add(line.identity);
    },
    async *lines({ everyMs = 1_000, signal } = {}) {
      const once = { isNew: ({ identity }: Line) => known.add(identity) };
      while (!signal?.aborted) {
        for (const [span, raws] of await lookNow()) {
          for await (const { lines } of newLines(segments, span, raws, once)) {
            if (lines.length > 0) yield lines;
          }
        }
        await sleep(clock, everyMs, signal);
      }
    },
  };
}

import { virtualClock } from "../../local/testing/virtual-clock.ts";
import {
  type CompareOptions,
  compare,
  type Entry,
  type Finding,
  type LedgerSource,
  wholeSpan,
} from "../../src/reconcile/index.ts";

export const hourMs = 3_600_000;
export const startMs = Date.UTC(2026, 0, 1);

export const options: CompareOptions = {
  spanMs: hourMs,
  lateAfterMs: 60_000,
  settledBeforeMs: startMs + 1_000 * hourMs,
};

/** Entries spread over a day, from a seed. */
export function book(count: number, seed = 1): Entry[] {
  const clock = virtualClock({ seed });
  return Array.from({ length: count }, (_, index) => ({
    key: `transfer-${index}`,
    timeMs: startMs + Math.floor(clock.random() * 24 * hourMs),
    fields: { cents: Math.floor(clock.random() * 1e6), to: `account-${index % 97}` },
  }));
}

/** Everything that a comparison of two sources finds. */
export async function findings(
  left: LedgerSource,
  right: LedgerSource,
  more: Partial<CompareOptions> = {},
): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for await (const finding of compare(left, right, wholeSpan(startMs, startMs + 48 * hourMs), {
    ...options,
    ...more,
  })) {
    found.push(finding);
  }
  return found;
}

/** Findings in short: `missing-right transfer-7`, sorted; what is unknown by its fault's code. */
export function brief(found: readonly Finding[]): readonly string[] {
  return found
    .map((finding) => {
      if ("underWay" in finding) return "under way";
      return "unknown" in finding
        ? `unknown ${finding.fault.code}`
        : `${finding.difference.class} ${finding.difference.key}`;
    })
    .sort();
}

/** Counts what a source is asked for. */
export function counted(source: LedgerSource) {
  const counts = { digests: 0, items: 0, lookups: 0 };
  const wrapped: LedgerSource = {
    name: source.name,
    digest: async (windows) => {
      counts.digests += windows.length;
      return source.digest(windows);
    },
    entries: async (window, cursor) => {
      const page = await source.entries(window, cursor);
      counts.items += page.entries.length;
      return page;
    },
    lookup: async (keys, seenMs) => {
      const found = await source.lookup(keys, seenMs);
      counts.lookups += keys.length;
      counts.items += found.flat().length;
      return found;
    },
  };
  return { counts, source: wrapped };
}

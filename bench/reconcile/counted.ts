import type { LedgerSource } from "../../src/reconcile/index.ts";

/** What went over a source's port. */
export interface Counts {
  /** Entries, listed and looked up; and what is told of them by key. */
  items: number;
  digests: number;
  /** Entries read to seal. */
  sealed: number;
  /** Questions and answers as JSON, all but sealing. */
  bytes: number;
}

/** A proxy that counts what a source is asked and answers, whoever asks. */
export function counted(source: LedgerSource, counts: Counts): LedgerSource {
  const exchanged = <T>(question: unknown, answer: T): T => {
    counts.bytes += Buffer.byteLength(JSON.stringify(question)) + Buffer.byteLength(JSON.stringify(answer));
    return answer;
  };
  return {
    name: source.name,
    digest: async (windows) => {
      counts.digests += windows.length;
      return exchanged(windows, await source.digest(windows));
    },
    entries: async (window, cursor) => {
      const page = await source.entries(window, cursor);
      counts.items += page.entries.length;
      return exchanged([window, cursor], page);
    },
    ...(source.keys && {
      keys: async (window, cursor) => {
        const page = (await source.keys?.(window, cursor)) ?? { keys: [] };
        counts.items += page.keys.length;
        return exchanged([window, cursor], page);
      },
    }),
    lookup: async (keys, seenMs) => {
      const found = await source.lookup(keys, seenMs);
      for (const entries of found) counts.items += entries.length;
      return exchanged([keys, seenMs], found);
    },
    seal: async (span) => {
      const sealing = (await source.seal?.(span)) ?? { itemsRead: 0 };
      counts.sealed += sealing.itemsRead;
      return sealing;
    },
  };
}

export function noCounts(): Counts {
  return { items: 0, digests: 0, sealed: 0, bytes: 0 };
}

import { bucketOf, type Digest, type Entry } from "../digest/index.ts";
import { describeError } from "../errors.ts";
import { entryFault, lastMs, shownKey } from "./entry-fault.ts";
import type { EntryPage, KeyPage, LedgerSource, Sealing, Window } from "./ports.ts";
import { SourceFault } from "./source-fault.ts";
import { isInside } from "./windows.ts";

/** A source that answers what can be, or throws `SourceFault`. */
export interface CheckedSource {
  readonly name: string;
  seal(time: { readonly fromMs: number; readonly toMs: number }): Promise<Sealing>;
  digest(windows: readonly Window[]): Promise<readonly Digest[]>;
  entries(window: Window, cursor?: string): Promise<EntryPage>;
  /** Only where the source tells keys at all. */
  readonly keys: ((window: Window, cursor?: string) => Promise<KeyPage>) | undefined;
  /** For each key its entries, or what is wrong about them: one of them says nothing about the others. */
  lookup(
    keys: readonly string[],
    seenMs: readonly number[],
  ): Promise<readonly (readonly Entry[] | SourceFault)[]>;
  underWay(keys: readonly string[], seenMs: readonly number[]): Promise<readonly (string | undefined)[]>;
}

/**
 * A source whose every answer is looked at before it is believed: as many digests as windows, entries inside the window
 * that was asked for, times that are times, fields that can be compared, keys that were asked for. Throws `SourceFault`
 * that names the source and the answer, also where the source itself throws.
 */
export function checkedSource(source: LedgerSource): CheckedSource {
  const { name } = source;
  const fault = (code: string, message: string, cause?: unknown) =>
    new SourceFault(code, name, message, cause);
  /** Asks, and looks at the answer: what it does not even have the shape of fails there. */
  const asked = async <T>(
    question: string,
    call: () => Promise<T>,
    check: (answer: T) => void,
  ): Promise<T> => {
    try {
      const answer = await call();
      check(answer);
      return answer;
    } catch (cause) {
      if (cause instanceof SourceFault) throw cause;
      const error = describeError(cause);
      throw fault("source-failed", `${question} failed (${error.name}: ${error.message})`, cause);
    }
  };
  const checkCursor = (question: string, next: string | undefined, cursor: string | undefined) => {
    if (next === undefined || next !== cursor) return;
    throw fault(
      "source-answer",
      `${question} answered the cursor ${shownKey(next)} that it was asked with, again`,
    );
  };
  const checkPage = (page: EntryPage, window: Window, cursor: string | undefined) => {
    checkCursor("entries", page.cursor, cursor);
    for (const entry of page.entries) {
      const wrong = entryFault(entry);
      if (wrong) throw fault(wrong.code, wrong.message);
      if (isInside(window, entry.timeMs, bucketOf(entry.key))) continue;
      throw fault(
        "source-window",
        `entries answered ${shownKey(entry.key)} of ${new Date(entry.timeMs).toISOString()}, outside of the window asked for (${showWindow(window)})`,
      );
    }
  };
  const checkKeys = (page: KeyPage, { fromBucket, toBucket }: Window, cursor: string | undefined) => {
    checkCursor("keys", page.cursor, cursor);
    for (const one of page.keys) {
      const { key, digest, seenMs } = one;
      const wrong = entryFault({ key, timeMs: seenMs, fields: {} });
      if (wrong) throw fault(wrong.code, wrong.message);
      const bucket = bucketOf(key);
      if (isDigest(digest) && bucket >= fromBucket && bucket < toBucket) continue;
      throw fault(
        "source-window",
        `keys answered ${JSON.stringify(one).slice(0, 200)}, which is no digest or of another bucket`,
      );
    }
  };
  const ofKey = (entries: readonly Entry[], key: string) => {
    for (const entry of entries) {
      const wrong = entryFault(entry);
      if (wrong) return fault(wrong.code, wrong.message);
      if (entry.key !== key) {
        return fault(
          "source-answer",
          `lookup answered ${shownKey(entry.key)} where ${shownKey(key)} was asked for`,
        );
      }
    }
    return entries;
  };

  return {
    name,
    seal: (time) =>
      asked(
        "seal",
        async () => (await source.seal?.(time)) ?? { itemsRead: 0 },
        () => {},
      ),
    digest: (windows) =>
      asked(
        "digest",
        () => source.digest(windows),
        (digests) => {
          if (digests.length !== windows.length) {
            throw fault(
              "source-answer",
              `digest answered ${digests.length} digests for ${windows.length} windows`,
            );
          }
          const wrong = digests.find((digest) => !isDigest(digest));
          if (!wrong) return;
          throw fault("source-answer", `digest answered ${JSON.stringify(wrong)}, which is no digest`);
        },
      ),
    entries: (window, cursor) =>
      asked(
        "entries",
        () => source.entries(window, cursor),
        (page) => checkPage(page, window, cursor),
      ),
    keys:
      source.keys &&
      ((window, cursor) =>
        asked(
          "keys",
          async () => (await source.keys?.(window, cursor)) ?? { keys: [] },
          (page) => checkKeys(page, window, cursor),
        )),
    async lookup(keys, seenMs) {
      const found = await asked(
        "lookup",
        () => source.lookup(keys, seenMs),
        (lists) => {
          if (lists.length === keys.length && lists.every(Array.isArray)) return;
          throw fault("source-answer", `lookup answered ${lists.length} lists for ${keys.length} keys`);
        },
      );
      return found.map((entries, index) => ofKey(entries, keys[index] ?? ""));
    },
    underWay: (keys, seenMs) =>
      asked(
        "underWay",
        async () => (await source.underWay?.(keys, seenMs)) ?? keys.map(() => undefined),
        (reasons) => {
          if (reasons.length === keys.length) return;
          throw fault("source-answer", `underWay answered ${reasons.length} reasons for ${keys.length} keys`);
        },
      ),
  };
}

function isDigest({ count, sum }: Digest): boolean {
  return Number.isSafeInteger(count) && count >= 0 && /^[0-9a-f]{32}$/.test(sum);
}

export function showWindow({ fromMs, toMs, fromBucket, toBucket }: Window): string {
  return `${showTime(fromMs)} to ${showTime(toMs)}, buckets ${fromBucket} to ${toBucket}`;
}

/** A window may end when no date does. */
function showTime(ms: number): string {
  return Math.abs(ms) <= lastMs ? new Date(ms).toISOString() : String(ms);
}

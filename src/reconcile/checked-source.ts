import { bucketOf, type Digest, type Entry } from "../digest/index.ts";
import { describeError } from "../errors.ts";
import { entryFault, lastMs, shownKey } from "./entry-fault.ts";
import type { EntryPage, LedgerSource, Sealing, Window } from "./ports.ts";
import { SourceFault } from "./source-fault.ts";
import { isInside } from "./windows.ts";

/** A source that answers what can be, or throws `SourceFault`. */
export interface CheckedSource {
  readonly name: string;
  seal(time: { readonly fromMs: number; readonly toMs: number }): Promise<Sealing>;
  digest(windows: readonly Window[]): Promise<readonly Digest[]>;
  entries(window: Window, cursor?: string): Promise<EntryPage>;
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
  const checkPage = (page: EntryPage, window: Window, cursor: string | undefined) => {
    if (page.cursor !== undefined && page.cursor === cursor) {
      throw fault(
        "source-answer",
        `entries answered the cursor ${shownKey(page.cursor)} that it was asked with, again`,
      );
    }
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

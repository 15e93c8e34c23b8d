import { bucketOf, type Digest, type Entry } from "../digest/index.ts";
import { describeError } from "../errors.ts";
import type { EntryPage, LedgerSource, Window } from "./ports.ts";
import { SourceFault } from "./source-fault.ts";
import { isInside } from "./windows.ts";

const nothing = { itemsRead: 0 };

/**
 * A source whose every answer is looked at before it is believed: as many digests as windows, entries inside the window
 * that was asked for, times that are times, keys that were asked for. Throws `SourceFault` that names the source and the
 * answer, also where the source itself throws.
 */
export function checkedSource(source: LedgerSource): LedgerSource {
  const { name } = source;
  const fault = (code: string, message: string, cause?: unknown) =>
    new SourceFault(code, name, message, cause);
  const asked = async <T>(question: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (cause) {
      if (cause instanceof SourceFault) throw cause;
      const error = describeError(cause);
      throw fault("source-failed", `${question} failed (${error.name}: ${error.message})`, cause);
    }
  };
  const checkTime = (entry: Entry) => {
    if (Number.isSafeInteger(entry.timeMs) && entry.timeMs >= 0) return;
    throw fault(
      "source-time",
      `entry ${show(entry.key)} has the time ${entry.timeMs}; whole milliseconds since the epoch are expected`,
    );
  };

  return {
    name,
    ...(source.seal && { seal: (time) => asked("seal", async () => (await source.seal?.(time)) ?? nothing) }),
    async digest(windows) {
      const digests = await asked("digest", () => source.digest(windows));
      if (digests.length !== windows.length) {
        throw fault(
          "source-answer",
          `digest answered ${digests.length} digests for ${windows.length} windows`,
        );
      }
      const wrong = digests.find((digest) => !isDigest(digest));
      if (wrong) throw fault("source-answer", `digest answered ${JSON.stringify(wrong)}, which is no digest`);
      return digests;
    },
    async entries(window, cursor): Promise<EntryPage> {
      const page = await asked("entries", () => source.entries(window, cursor));
      if (page.cursor !== undefined && page.cursor === cursor) {
        throw fault(
          "source-answer",
          `entries answered the cursor ${show(page.cursor)} that it was asked with, again`,
        );
      }
      for (const entry of page.entries) {
        checkTime(entry);
        if (isInside(window, entry.timeMs, bucketOf(entry.key))) continue;
        throw fault(
          "source-window",
          `entries answered ${show(entry.key)} of ${new Date(entry.timeMs).toISOString()}, outside of the window asked for (${showWindow(window)})`,
        );
      }
      return page;
    },
    async lookup(keys, seenMs) {
      const found = await asked("lookup", () => source.lookup(keys, seenMs));
      if (found.length !== keys.length) {
        throw fault("source-answer", `lookup answered ${found.length} lists for ${keys.length} keys`);
      }
      found.forEach((entries, index) => {
        for (const entry of entries) {
          checkTime(entry);
          if (entry.key === keys[index]) continue;
          throw fault(
            "source-answer",
            `lookup answered ${show(entry.key)} where ${show(keys[index] ?? "")} was asked for`,
          );
        }
      });
      return found;
    },
  };
}

function isDigest({ count, sum }: Digest): boolean {
  return Number.isSafeInteger(count) && count >= 0 && /^[0-9a-f]{32}$/.test(sum);
}

function show(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}

export function showWindow({ fromMs, toMs, fromBucket, toBucket }: Window): string {
  return `${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}, buckets ${fromBucket} to ${toBucket}`;
}

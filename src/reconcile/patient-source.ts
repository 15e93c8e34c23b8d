import type { Clock } from "../clock.ts";
import type { LedgerSource } from "./ports.ts";
import { SourceFault } from "./source-fault.ts";

/** The code of the fault that is nobody's: the invocation has no time left to ask. */
export const outOfTime = "out-of-time";

/** Who was given less than this to answer is not to blame. */
const fairMs = 10_000;

/**
 * A source that is waited for no longer than there is time: one call may take half of what is left until `untilMs`, so that
 * one that hangs leaves time to say so, and to go on with the rest. Throws `SourceFault`: `source-slow` when it took longer,
 * `out-of-time` when there was too little time to call it that.
 */
export function patientSource(
  source: LedgerSource,
  { clock, untilMs }: { readonly clock: Clock; readonly untilMs: number },
): LedgerSource {
  if (untilMs === Number.POSITIVE_INFINITY) return source;
  const { name } = source;
  const waited = <T>(question: string, call: () => Promise<T>): Promise<T> => {
    const patienceMs = Math.max(0, Math.floor((untilMs - clock.nowMs()) / 2));
    if (patienceMs === 0) {
      return Promise.reject(new SourceFault(outOfTime, name, `${question} was not asked: no time is left`));
    }
    return new Promise((resolve, reject) => {
      const answer = (async () => call())();
      const cancel = clock.after(patienceMs, () => {
        const message = `${question} was not answered within ${patienceMs} ms, half of the time that was left`;
        reject(new SourceFault(patienceMs < fairMs ? outOfTime : "source-slow", name, message));
      });
      // What it answers later is heard by nobody.
      answer.then(resolve, reject).finally(cancel);
    });
  };
  return {
    name,
    digest: (windows) => waited("digest", () => source.digest(windows)),
    entries: (window, cursor) => waited("entries", () => source.entries(window, cursor)),
    ...(source.keys && {
      keys: (window, cursor) =>
        waited("keys", async () => (await source.keys?.(window, cursor)) ?? { keys: [] }),
    }),
    lookup: (keys, seenMs) => waited("lookup", () => source.lookup(keys, seenMs)),
    ...(source.underWay && {
      underWay: (keys, seenMs) =>
        waited("underWay", async () => (await source.underWay?.(keys, seenMs)) ?? []),
    }),
    ...(source.seal && {
      seal: (time) => waited("seal", async () => (await source.seal?.(time)) ?? { itemsRead: 0 }),
    }),
  };
}

import { sleep, systemClock } from "../../src/clock.ts";

/** Looks until `look` answers something else than `undefined` or `false`; fails after `patienceMs` with what it waited for. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  patienceMs = 15_000,
): Promise<T> {
  const endMs = systemClock.nowMs() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (systemClock.nowMs() > endMs) throw new Error(`${what}: not within ${patienceMs} ms`);
    await sleep(systemClock, 20);
  }
}

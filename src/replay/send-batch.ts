import { backoffMs } from "../backoff.ts";
import { type Clock, sleep } from "../clock.ts";
import { OmnibusError } from "../errors.ts";
import type { EntryBatch } from "./entry-batches.ts";
import type { RefusedEntry, ReplayQueue } from "./ports.ts";

const maxTries = 6;
const delays = { firstDelayMs: 200, maxDelayMs: 5_000 };

/**
 * Sends a batch until each of its entries is taken, or refused for good: those are answered. Entries that may be taken later are sent once
 * more, after a pause, and the others with them are not. Throws `OmnibusError` (`not-sent`) where that does not help.
 */
export async function sendBatch(
  queue: ReplayQueue,
  name: string,
  batch: EntryBatch,
  clock: Clock,
): Promise<readonly RefusedEntry[]> {
  const refused: RefusedEntry[] = [];
  let left = batch;
  for (let tries = 1; ; tries++) {
    const answers = await queue.send(name, left);
    refused.push(...answers.filter(({ retryable }) => !retryable));
    const again = answers.filter(({ retryable }) => retryable);
    const [first] = again;
    if (!first) return refused;
    if (tries === maxTries) {
      throw new OmnibusError(
        "not-sent",
        `${name} has not taken ${again.length} messages after ${maxTries} tries (${first.code}: ${first.message})`,
        { retryable: true },
      );
    }
    await sleep(clock, backoffMs(clock, tries, delays));
    left = only(left, new Set(again.map(({ index }) => index)));
  }
}

/** Some entries of a batch: seldom, so parsed. */
function only({ json }: EntryBatch, indexes: ReadonlySet<number>): EntryBatch {
  const entries = (JSON.parse(json.toString()) as Readonly<Record<string, unknown>>[]).filter((_, index) =>
    indexes.has(index),
  );
  const renamed = entries.map((entry, index) => ({ ...entry, Id: String(index) }));
  return { count: renamed.length, json: Buffer.from(JSON.stringify(renamed)) };
}

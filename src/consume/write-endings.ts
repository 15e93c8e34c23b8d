import { backoffMs } from "../backoff.ts";
import { type Clock, sleep } from "../clock.ts";
import { describeError } from "../errors.ts";

const tries = 3;
const firstDelayMs = 50;

type Failable = { readonly status: string } | { readonly status: "failed"; readonly code: string };

/**
 * Writes a group to the ledger; what failed is written again, a few times: the handlers have run, and an ending
 * that is not written down makes them run once more. Both kinds of writes may be repeated safely.
 */
export async function writeEndings<Item, Result extends Failable>(
  items: readonly Item[],
  write: (items: readonly Item[]) => Promise<readonly Result[]>,
  clock: Clock,
): Promise<readonly (Result | { status: "failed"; code: string })[]> {
  const results: (Result | { status: "failed"; code: string })[] = items.map(() => ({
    status: "failed",
    code: "",
  }));
  let open = items.map((_, index) => index);
  for (let attempt = 1; open.length > 0; attempt++) {
    try {
      const written = await write(open.map((index) => items[index] as Item));
      open.forEach((index, at) => {
        results[index] = written[at] as Result;
      });
    } catch (error) {
      for (const index of open) results[index] = { status: "failed", code: describeError(error).message };
    }
    open = open.filter((index) => results[index]?.status === "failed");
    if (attempt === tries) break;
    if (open.length > 0) await sleep(clock, backoffMs(clock, attempt, { firstDelayMs, maxDelayMs: 1_000 }));
  }
  return results;
}

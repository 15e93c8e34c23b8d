import { type Clock, sleep, systemClock } from "../../src/clock.ts";
import type { ReplayStore, StoredReplay } from "../../src/replay/index.ts";
import { ReplayError } from "./replay-error.ts";
import { replayNow } from "./replays-now.ts";

const lookEveryMs = 2_000;
/** Lambda calls a function that has failed again after one minute, and after two more. (invocation-async-error-handling) */
const patienceMs = 200_000;

/**
 * Watches a replay that a fleet runs until it has ended, nobody has been at it for longer than a failed member takes to come again, or
 * `signal` aborts; the fleet hears nothing of that. Throws `ReplayError` (`replay-unknown`).
 */
export async function watchFleet({
  store,
  id,
  signal,
  onProgress,
  clock = systemClock,
}: {
  readonly store: ReplayStore;
  readonly id: string;
  readonly signal: AbortSignal;
  readonly onProgress: (now: StoredReplay) => void;
  readonly clock?: Clock;
}): Promise<StoredReplay> {
  let seenMs = clock.nowMs();
  for (;;) {
    const now = await replayNow(store, id);
    if (!now) throw new ReplayError("replay-unknown", `there is no replay ${id} any more`);
    onProgress(now);
    const nowMs = clock.nowMs();
    const { state, updatedMs } = now.job;
    seenMs = Math.max(seenMs, now.heldUntilMs > nowMs ? nowMs : updatedMs);
    if (state === "done" || state === "cancelled" || signal.aborted || nowMs - seenMs > patienceMs)
      return now;
    await sleep(clock, lookEveryMs, signal);
  }
}

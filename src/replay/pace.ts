import { type Clock, sleep } from "../clock.ts";

/** When batches may be sent. */
export interface Pace {
  /**
   * Waits until a batch of so many messages may be sent: `true`: now, and it counts as sent. `false`: not within `patienceMs`, or `signal`
   * has aborted: ask again.
   */
  turn(messages: number, patienceMs: number, signal?: AbortSignal): Promise<boolean>;
}

/** So many messages in a second, evenly, of one process alone: a stall is not made up for. */
export function evenPace(perSecond: number, clock: Clock): Pace {
  let nextMs = clock.nowMs();
  return {
    async turn(messages, patienceMs, signal) {
      const waitMs = nextMs - clock.nowMs();
      if (waitMs > 0) await sleep(clock, Math.min(waitMs, patienceMs), signal);
      const nowMs = clock.nowMs();
      if (signal?.aborted || nowMs < nextMs) return false;
      nextMs = Math.max(nextMs, nowMs) + (messages * 1_000) / perSecond;
      return true;
    },
  };
}

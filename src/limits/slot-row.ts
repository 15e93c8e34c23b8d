import { type Clock, sleep } from "../clock.ts";
import type { OwnedStart, Slot } from "./slot.ts";

/** Slots for events that are alike: each has its place in the line, and the starts are handed out in that order. */
export interface SlotRow {
  readonly slots: readonly Slot[];
  /** From now on none of them can be used. */
  revoke(): void;
}

/**
 * Makes a row of starts. One that has passed is given up, and everybody behind it moves on by one:
 *
 * ```
 *  starts   ①    ②    ③    ④           a stall until here ┐
 *  line     a    b    c    d       ①  ②  passed           ▼    ③    ④
 *                                                              a    b     c, d: late, both when ④ has passed
 * ```
 * So one stall costs one question for all that it has made late, however they stood in the row.
 */
export function slotRow(starts: readonly OwnedStart[], clock: Clock): SlotRow {
  const free = [...starts].sort((left, right) => left.startMs - right.startMs);
  const line = free.map((_, index) => index);
  const endMs = free.at(-1)?.startMs ?? clock.nowMs();
  let isRevoked = false;

  const used = new Map<number, OwnedStart>();

  const slotOf = (me: number): Slot => ({
    get startMs() {
      return (used.get(me) ?? free[line.indexOf(me)])?.startMs ?? endMs;
    },
    async wait(signal) {
      for (;;) {
        const at = line.indexOf(me);
        if (signal?.aborted || isRevoked || at < 0) return "aborted";
        const start = free[at];
        const nowMs = clock.nowMs();
        const dueMs = start?.startMs ?? endMs;
        // Timers may fire early: what counts is what the clock reads afterwards.
        if (nowMs < dueMs) {
          await sleep(clock, dueMs - nowMs, signal);
          continue;
        }
        if (start && nowMs > start.lastMs) {
          free.splice(at, 1);
          continue;
        }
        line.splice(at, 1);
        if (!start) return "late";
        free.splice(at, 1);
        start.used = true;
        used.set(me, start);
        return "start";
      }
    },
  });

  return {
    slots: line.map((_, me) => slotOf(me)),
    revoke() {
      isRevoked = true;
    },
  };
}

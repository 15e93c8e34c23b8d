import type { Clock } from "../clock.ts";
import type { OwnedStart, Slot } from "./slot.ts";

/** Slots for events that are alike: each has its place in the line, and the starts are handed out in that order. */
export interface SlotRow {
  readonly slots: readonly Slot[];
  /** Takes all but the first `count` out, before any was waited for; answers the starts that are left. */
  keep(count: number): readonly OwnedStart[];
  /** From now on none of them can be used. */
  revoke(): void;
}

/** For so long those for whom no start is left wait for others, if the row lasts as long: one stall seldom comes alone. */
const gatherMs = 100;

/**
 * Makes a row of starts. One that has passed is given up, and everybody behind it moves on by one:
 *
 * ```
 *  starts   ①    ②    ③    ④
 *  line     a    b    c    d
 *             ───────┐           a stall: ① and ② have passed
 *                    ▼ ③    ④
 *                      a    b    c, d: late, in one moment
 * ```
 * So one stall costs one question for all that it has made late, however they stood in the row.
 */
export function slotRow(starts: readonly OwnedStart[], clock: Clock): SlotRow {
  const free = [...starts].sort((left, right) => left.startMs - right.startMs);
  const line = free.map((_, index) => index);
  const used = new Map<number, OwnedStart>();
  const naps = new Map<number, () => void>();
  let endMs = free.at(-1)?.startMs ?? clock.nowMs();
  let tellAtMs = endMs;
  let isRevoked = false;

  const pass = (at: number) => {
    free.splice(at, 1);
    const nowMs = clock.nowMs();
    if (tellAtMs === endMs || tellAtMs < nowMs) tellAtMs = Math.min(endMs, nowMs + gatherMs);
    const left = line[free.length];
    if (left !== undefined) naps.get(left)?.();
  };
  const nap = (me: number, forMs: number, signal: AbortSignal | undefined) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        cancel();
        signal?.removeEventListener("abort", wake);
        naps.delete(me);
        resolve();
      };
      const cancel = clock.after(forMs, wake);
      signal?.addEventListener("abort", wake, { once: true });
      naps.set(me, wake);
    });

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
        const dueMs = start?.startMs ?? tellAtMs;
        // Timers may fire early: what counts is what the clock reads afterwards.
        if (nowMs < dueMs) {
          await nap(me, dueMs - nowMs, signal);
        } else if (start && nowMs > start.lastMs) {
          pass(at);
        } else {
          line.splice(at, 1);
          if (!start) return "late";
          free.splice(at, 1);
          start.used = true;
          used.set(me, start);
          return "start";
        }
      }
    },
  });

  return {
    slots: line.map((_, me) => slotOf(me)),
    keep(count) {
      free.length = Math.min(free.length, count);
      line.length = free.length;
      endMs = free.at(-1)?.startMs ?? clock.nowMs();
      tellAtMs = endMs;
      return [...free];
    },
    revoke() {
      isRevoked = true;
    },
  };
}

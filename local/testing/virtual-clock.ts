import type { Clock } from "../../src/clock.ts";

/** A clock that stands still until it is told to move; chance comes from a seed, so a run repeats exactly. */
export interface VirtualClock extends Clock {
  /**
   * Moves time on by `ms`. Timers on the way fire at their own moment, in order; before and after each one, all
   * promises that can settle without time have settled.
   */
  advance(ms: number): Promise<void>;
  /**
   * Moves time on, timer by timer, until `work` settles, and answers as it does. Throws when nothing is left that
   * could settle it, or after `limitMs` of virtual time (a day unless told).
   */
  until<T>(work: Promise<T>, limitMs?: number): Promise<T>;
  /** How many timers wait. */
  readonly pending: number;
  /** When the next one fires; `undefined` when none waits. */
  readonly nextMs: number | undefined;
}

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly fire: () => void;
}

/** Makes a `VirtualClock`. `startMs` is 2026-01-01 unless told; `seed` is any whole number. */
export function virtualClock({
  startMs = Date.UTC(2026, 0, 1),
  seed = 1,
}: {
  startMs?: number;
  seed?: number;
} = {}): VirtualClock {
  const timers = new Set<Timer>();
  let nowMs = startMs;
  let orders = 0;
  let state = seed >>> 0;

  const random = () => {
    // Mulberry32: small, seeded, good enough for jitter.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  const next = () => {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (!first || timer.atMs < first.atMs || (timer.atMs === first.atMs && timer.order < first.order)) {
        first = timer;
      }
    }
    return first;
  };

  const fireFirst = async (timer: Timer) => {
    nowMs = Math.max(nowMs, timer.atMs);
    timers.delete(timer);
    timer.fire();
    await settle();
  };

  return {
    nowMs: () => nowMs,
    after: (delayMs, fire) => {
      const timer = { atMs: nowMs + Math.max(0, Math.ceil(delayMs)), order: orders++, fire };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    random,
    fill: (bytes) => {
      for (let index = 0; index < bytes.length; index++) bytes[index] = Math.floor(random() * 256);
      return bytes;
    },
    get pending() {
      return timers.size;
    },
    get nextMs() {
      return next()?.atMs;
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      await settle();
      for (let timer = next(); timer && timer.atMs <= endMs; timer = next()) await fireFirst(timer);
      nowMs = endMs;
    },
    async until(work, limitMs = 86_400_000) {
      const endMs = nowMs + limitMs;
      let settled = false;
      const mark = () => {
        settled = true;
      };
      work.then(mark, mark);
      await settle();
      while (!settled) {
        const timer = next();
        if (!timer) throw new Error("the virtual clock has no timer left, and the work has not settled");
        if (timer.atMs > endMs) throw new Error(`the work has not settled within ${limitMs} virtual ms`);
        await fireFirst(timer);
      }
      return work;
    },
  };
}

/** Lets every promise that needs no time settle: some take several turns of the event loop. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

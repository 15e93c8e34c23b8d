import type { Clock } from "../../src/clock.ts";
import { heapOf } from "../../src/heap.ts";

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
  /** `undefined`: cancelled. */
  fire: (() => void) | undefined;
}

/**
 * Makes a `VirtualClock`. `startMs` is 2026-01-01 unless told; `seed` is any whole number. `turns`: how many turns of the
 * event loop promises have to settle in, before and after each timer; one will do, and is quicker, where all that is
 * waited for is promises: no files, no compression, no sockets.
 */
export function virtualClock({
  startMs = Date.UTC(2026, 0, 1),
  seed = 1,
  turns = 5,
}: {
  startMs?: number;
  seed?: number;
  turns?: number;
} = {}): VirtualClock {
  const timers = heapOf<Timer>((left, right) => left.atMs - right.atMs || left.order - right.order);
  let pending = 0;
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
    for (let first = timers.peek(); first; first = timers.peek()) {
      if (first.fire) return first;
      timers.pop();
    }
    return undefined;
  };

  const settle = async () => {
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
  };

  const fireFirst = async (timer: Timer) => {
    nowMs = Math.max(nowMs, timer.atMs);
    timers.pop();
    const { fire } = timer;
    timer.fire = undefined;
    pending--;
    fire?.();
    await settle();
  };

  return {
    nowMs: () => nowMs,
    after: (delayMs, fire) => {
      const timer: Timer = { atMs: nowMs + Math.max(0, Math.ceil(delayMs)), order: orders++, fire };
      timers.push(timer);
      pending++;
      return () => {
        if (!timer.fire) return;
        timer.fire = undefined;
        pending--;
      };
    },
    random,
    fill: (bytes) => {
      for (let index = 0; index < bytes.length; index++) bytes[index] = Math.floor(random() * 256);
      return bytes;
    },
    get pending() {
      return pending;
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

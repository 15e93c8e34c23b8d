import { type Clock, systemClock } from "../../src/clock.ts";

/** Handler processes that die at random moments. */
export interface Chaos {
  /** How many were killed so far. */
  kills(): number;
  /** No more. */
  stop(): void;
}

/** How far kills are apart, so that a run of any size lives through some and a full one through a hundred or more. */
export function meanBetweenKillsMs(orders: number): number {
  return Math.min(2_000, Math.max(200, orders / 5));
}

/**
 * Kills one handler process after another with SIGKILL, at moments that a seed decides: from a quarter of `meanMs` to
 * seven quarters after the last. A moment at which no handler runs kills nothing and is not counted.
 */
export function startChaos({
  killOne,
  goesOn,
  chance,
  clock = systemClock,
  meanMs,
}: {
  readonly killOne: () => unknown;
  /** Asked before each kill; the first no is the end. */
  readonly goesOn: (kills: number) => boolean;
  readonly chance: () => number;
  readonly clock?: Clock;
  readonly meanMs: number;
}): Chaos {
  let kills = 0;
  let cancel = () => {};
  const plan = () => {
    cancel = clock.after(meanMs * (0.25 + 1.5 * chance()), () => {
      if (!goesOn(kills)) return;
      if (killOne() !== undefined) kills += 1;
      plan();
    });
  };
  plan();
  return { kills: () => kills, stop: () => cancel() };
}

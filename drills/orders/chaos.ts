import { type Clock, systemClock } from "../../src/clock.ts";

/** Handler processes that die at random moments. */
export interface Chaos {
  /** How many were killed so far. */
  kills(): number;
  /** No more. */
  stop(): void;
}

/**
 * Kills one handler process after another with SIGKILL, at moments that a seed decides: from a quarter of `meanMs` to
 * seven quarters after the last. A moment at which no handler runs kills nothing and is not counted.
 */
export function startChaos({
  killOne,
  chance,
  clock = systemClock,
  meanMs = 2_000,
}: {
  readonly killOne: () => unknown;
  readonly chance: () => number;
  readonly clock?: Clock;
  readonly meanMs?: number;
}): Chaos {
  let kills = 0;
  let cancel = () => {};
  const plan = () => {
    cancel = clock.after(meanMs * (0.25 + 1.5 * chance()), () => {
      if (killOne() !== undefined) kills += 1;
      plan();
    });
  };
  plan();
  return { kills: () => kills, stop: () => cancel() };
}

import { type Clock, systemClock } from "../../src/clock.ts";

/** Handler processes that die at random moments. */
export interface Chaos {
  /** How many were killed so far. */
  kills(): number;
  /** No more. */
  stop(): void;
}

/** How often progress is looked at: shorter than most batches take, so that a kill can hit any part of one. */
const lookMs = 20;

/**
 * Kills one handler process after another with SIGKILL, each when a random amount of work has been done since the
 * last: from a quarter of `meanWork` to seven quarters, as a seed decides. Work and not time, so that a slow machine
 * lives through as many kills as a fast one, and not more. A moment at which no process runs kills nothing and is
 * not counted.
 */
export function startChaos({
  killOne,
  done,
  goesOn,
  chance,
  meanWork,
  clock = systemClock,
}: {
  readonly killOne: () => unknown;
  /** How much work is done. */
  readonly done: () => number;
  /** Asked before each kill; a no passes it by. */
  readonly goesOn: (kills: number) => boolean;
  readonly chance: () => number;
  readonly meanWork: number;
  readonly clock?: Clock;
}): Chaos {
  const distance = () => meanWork * (0.25 + 1.5 * chance());
  let kills = 0;
  let next = distance();
  let cancel = () => {};
  const look = () => {
    if (done() >= next) {
      if (goesOn(kills) && killOne() !== undefined) kills += 1;
      while (next <= done()) next += distance();
    }
    cancel = clock.after(lookMs, look);
  };
  look();
  return { kills: () => kills, stop: () => cancel() };
}

/**
 * How much work lies between two kills, on average: a short run lives through eight, a full one through thirty.
 *
 * @param ofFullRun Between two kills of a full run. @default 7,000: of three consumers' deliveries of all orders
 */
export function meanWorkBetweenKills(deliveries: number, ofFullRun = 7_000): number {
  return Math.min(ofFullRun, Math.max(20, deliveries / 8));
}

/**
 * The end of a run is left alone: a batch whose process is killed comes back after its visibility timeout, and a run
 * that has nothing else left to do would stand still so long. A full run works off 3,000 messages a queue in that time.
 */
export function quietLag(orders: number): number {
  return Math.max(200, Math.min(3_000, orders / 25));
}

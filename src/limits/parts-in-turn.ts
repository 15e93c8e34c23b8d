import type { Clock } from "../clock.ts";

/** Which part of a split limit is asked next. */
export interface PartsInTurn {
  /** All of them, in the order in which they are to be asked. */
  order(): readonly number[];
  /** Takes in that so many starts of a part were given. */
  took(part: number, slots: number): void;
}

/**
 * The part that has given this process the fewest starts is asked first; which of those that are equal, is by chance, once.
 *
 * By chance each time, some parts would run dry while everybody stands in line at others: what passes there is lost.
 */
export function partsInTurn(count: number, clock: Pick<Clock, "random">): PartsInTurn {
  const first = Math.floor(clock.random() * count);
  const parts = Array.from({ length: count }, (_, index) => ({ part: (first + index) % count, taken: 0 }));
  return {
    order: () => [...parts].sort((left, right) => left.taken - right.taken).map(({ part }) => part),
    took(part, slots) {
      const found = parts.find((one) => one.part === part);
      if (found) found.taken += slots;
    },
  };
}

import type { Clock } from "../clock.ts";

/** Which part of a split limit is asked next. */
export interface PartsInTurn {
  /** All of them, in the order in which they are to be asked. */
  order(): readonly number[];
  /** Takes in that so many starts of a part were given. */
  took(part: number, slots: number): void;
}

/**
 * The part that has given this process the fewest starts for its pace is asked first; which of those that are equal, is by
 * chance, once. `paces`: starts in a time, of each part. Parts need not be even, and without their paces the slowest of
 * them would set that of all.
 *
 * By chance each time, some parts would run dry while everybody stands in line at others: what passes there is lost.
 */
export function partsInTurn(paces: readonly number[], clock: Pick<Clock, "random">): PartsInTurn {
  const first = Math.floor(clock.random() * paces.length);
  const parts = paces.map((pace, part) => ({ part, pace, taken: 0 }));
  const inOrder = [...parts.slice(first), ...parts.slice(0, first)];
  return {
    order: () =>
      inOrder
        .toSorted((left, right) => left.taken / left.pace - right.taken / right.pace)
        .map(({ part }) => part),
    took(part, slots) {
      const found = parts[part];
      if (found) found.taken += slots;
    },
  };
}

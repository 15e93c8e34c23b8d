import { mostCents } from "./promise-contracts.ts";

/** An order: all of it follows from its number. */
export interface Promised {
  readonly order: number;
  readonly cents: number;
  /** Its transaction is refused, though all of it was sent. */
  readonly isRolledBack: boolean;
  /** The process that books it is killed when the booking is committed, and before anybody hears of it. */
  readonly isKilled: boolean;
}

/** Twelve orders: one of them cannot be paid, two are rolled back, two have their booker killed. */
export const promises: readonly Promised[] = Array.from({ length: 12 }, (_, order) => ({
  order,
  cents: order === 5 ? mostCents + 1 : 1_000 + order * 37,
  isRolledBack: order === 3 || order === 8,
  isKilled: order === 2 || order === 9,
}));

/** What has to stand in the table when all is over: how often each thing was done, and what was booked. */
export function controlOfPromises(): Readonly<Record<string, number>> {
  const standing = promises.filter(({ isRolledBack }) => !isRolledBack);
  const counts: [string, number][] = standing.flatMap(({ order, cents, isKilled }) => [
    [`order ${order}`, cents],
    [`booked ${order}`, 1],
    ...(isKilled ? [[`killed ${order}`, 1] as [string, number]] : []),
    [`reserved ${order}`, 1],
    [cents > mostCents ? `given back ${order}` : `paid ${order}`, 1],
  ]);
  return Object.fromEntries([...counts, ["total", standing.reduce((sum, { cents }) => sum + cents, 0)]]);
}

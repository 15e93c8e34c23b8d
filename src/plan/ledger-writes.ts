import type { ConsumerMode } from "../env.ts";

/** Write units of the ledger for an event that is handled at its first delivery. Reads cost a tenth, and are rare. */
export function writesPerEvent(mode: ConsumerMode): number {
  // `once`: the claim and the ending. `transaction`: the same, and a transaction's writes cost twice. `record`: the ending.
  return { once: 2, transaction: 3, record: 1, none: 0 }[mode];
}

/** Write units of the limits for one batch: one write, or a transaction over several, which costs each of them twice. */
export function writesOfLimits(limits: number): number {
  return limits > 1 ? 2 * limits : limits;
}

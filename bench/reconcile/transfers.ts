export const spanMs = 3_600_000;
const startMs = Date.UTC(2026, 0, 1);
/** Thirty days: the more entries, the more an hour. */
export const time = { fromMs: startMs, toMs: startMs + 30 * 24 * spanMs };

export type Side = "left" | "right";
export const sides = ["left", "right"] as const;

export interface Transfer {
  readonly id: string;
  readonly atMs: number;
  readonly account: string;
  readonly cents: number;
}

/** Transfers of a month; equal ones whenever they are asked for. */
export function* transfers(n: number): Generator<Transfer> {
  const random = seeded(n);
  for (let index = 0; index < n; index++) {
    const atMs = time.fromMs + Math.floor(random() * (time.toMs - time.fromMs));
    const account = `account-${Math.floor(random() * 100_000)}`;
    yield { id: idOf(index), atMs, account, cents: Math.floor(random() * 1e6) };
  }
}

/** The transfer that difference `nth` (of at most 1,000) is about: they lie all over the book. */
export function idOfDifference(n: number, nth: number): string {
  return idOf(Math.floor((nth * n) / 1_000));
}

/** A moment half a day later, within the month. */
export function halfADayLater(atMs: number): number {
  return time.fromMs + ((atMs - time.fromMs + 12 * spanMs) % (time.toMs - time.fromMs));
}

function idOf(index: number): string {
  return `transfer-${index}`;
}

/** Equal numbers for both books: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

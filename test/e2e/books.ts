/** Two tables of transfers: what the left has, the right must have, too. */
export const tables = { left: "e2e-debits", right: "e2e-credits" } as const;
export const job = "Books";
export const spanMs = 60_000;
export const settleMs = 60_000;

/** One transfer of either book. */
export interface Line {
  readonly id: string;
  readonly cents: number;
  readonly atMs: number;
}

const lines = 60;
/** Of these the right table lacks one, has another amount, and has one that nobody sent. */
const lacking = new Set([3, 17, 41]);
const wrong = 20;

/** Both books as they are before anything is repaired: all of it happened a quarter of an hour ago. */
export function booksAt(nowMs: number): { readonly left: readonly Line[]; readonly right: readonly Line[] } {
  const left = Array.from({ length: lines }, (_, index) => ({
    id: `transfer-${index}`,
    cents: 100 + index * 7,
    atMs: nowMs - 15 * 60_000 + index * 1_000,
  }));
  const right = left
    .filter((_, index) => !lacking.has(index))
    .map((line) => (line.id === `transfer-${wrong}` ? { ...line, cents: line.cents + 1 } : line));
  return { left, right: [...right, { id: "transfer-of-nobody", cents: 5, atMs: nowMs - 15 * 60_000 }] };
}

/** What differs, by class: as it must be found. */
export const differences = { "missing-right": lacking.size, mismatch: 1, "missing-left": 1 };
export const differing = lacking.size + 2;

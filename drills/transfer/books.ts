import { hash } from "node:crypto";
import type { DifferenceClass } from "../../src/reconcile/index.ts";
import type { Credit } from "./credit-book.ts";
import { lateAfterMs } from "./times.ts";

/** Both books, read line by line and held against each other in the plainest way: no digest, no window, no source. */
export interface BooksReport {
  /** What differs: key and class. */
  readonly differing: Readonly<Record<string, DifferenceClass>>;
  readonly centsLeft: number;
  readonly centsRight: number;
  /** Of all that stands in both: the same as long as nothing was changed. */
  readonly fingerprint: string;
}

/** Compares bank A's debits with the credits that stand in bank B's book. */
export function compareBooks(debits: readonly Credit[], credits: readonly Credit[]): BooksReport {
  const left = Map.groupBy(debits, ({ transfer }) => transfer);
  const right = Map.groupBy(credits, ({ transfer }) => transfer);
  const differing: Record<string, DifferenceClass> = {};
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const as = classOf(left.get(key) ?? [], right.get(key) ?? []);
    if (as) differing[key] = as;
  }
  const sum = (book: readonly Credit[]) => book.reduce((total, { cents }) => total + cents, 0);
  const lines = [debits, credits].map((book) => book.map((one) => JSON.stringify(one)).sort());
  return {
    differing,
    centsLeft: sum(debits),
    centsRight: sum(credits),
    fingerprint: hash("sha256", JSON.stringify(lines)),
  };
}

function classOf(left: readonly Credit[], right: readonly Credit[]): DifferenceClass | undefined {
  const [debit] = left;
  const [credit] = right;
  if (!debit) return "missing-left";
  if (!credit) return "missing-right";
  if (left.length !== right.length) return "duplicate";
  if (debit.cents !== credit.cents || debit.customer !== credit.customer) return "mismatch";
  return Math.abs(debit.atMs - credit.atMs) > lateAfterMs ? "late" : undefined;
}

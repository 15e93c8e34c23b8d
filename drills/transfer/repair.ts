import type { Difference, RepairContext } from "../../src/reconcile/index.ts";
import type { CreditBook } from "./credit-book.ts";

/**
 * Repairs a difference between the banks: bank A's book is the truth, for it has the customer's order. The effect key is the
 * correction's key in bank B's book.
 */
export function repairIn(book: Pick<CreditBook, "correct">) {
  return ({ key, left: [debit] }: Difference, { effectKey }: Pick<RepairContext, "effectKey">): void => {
    const { cents, customer } = debit?.fields ?? {};
    const right = debit && {
      transfer: key,
      customer: String(customer),
      cents: Number(cents),
      atMs: debit.timeMs,
    };
    book.correct(key, right, effectKey);
  };
}

/** What a difference is about, in cents. */
export function amountOf({ left, right }: Difference): number {
  return Number((left[0] ?? right[0])?.fields.cents);
}

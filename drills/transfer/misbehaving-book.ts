import type { Credit, CreditBook } from "./credit-book.ts";
import { type Fault, madeUp, wrongCents } from "./faults.ts";

/** Bank B's own code, with its faults: it books what the plan says instead of what it was told. */
export function misbehavingBook(
  book: Pick<CreditBook, "credit">,
  faults: ReadonlyMap<number, Fault>,
): { credit(number: number, credit: Credit, key: string): void } {
  return {
    credit(number, credit, key) {
      switch (faults.get(number)?.kind) {
        case "lost-credit":
          return;
        case "double-credit":
          book.credit(credit, key);
          return book.credit(credit, `${key} again`);
        case "wrong-amount":
          return book.credit({ ...credit, cents: wrongCents(credit.cents) }, key);
        case "credit-without-debit":
          book.credit(credit, key);
          return book.credit({ ...credit, transfer: madeUp(credit.transfer) }, `${key} of nobody`);
        default:
          return book.credit(credit, key);
      }
    },
  };
}

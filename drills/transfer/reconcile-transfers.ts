import { reconciler } from "../../src/reconcile/index.ts";
import { openCreditBook } from "./credit-book.ts";
import { dieOnce } from "./die-once.ts";
import { bookFile, type RunOf } from "./names.ts";
import { amountOf, repairIn } from "./repair.ts";
import { bankA, bankB } from "./sides.ts";

/** Written in by the bundler: `stack.ts`. */
declare const thisRun: RunOf;

const { folder } = thisRun;
const book = openCreditBook(bookFile(folder));
const repair = repairIn(book);

/** Bank A's debits against bank B's credits. Its process dies twice in the middle of a repair: before, and after. */
export const handler = reconciler({
  left: bankA(),
  right: (settings) => bankB(book, settings),
  amountOf,
  repair: (difference, ctx) => {
    if (difference.class === "missing-right") dieOnce(folder, "repair-before-correction");
    repair(difference, ctx);
    if (difference.class === "mismatch") dieOnce(folder, "repair-after-correction");
  },
});

import { systemClock } from "../../src/clock.ts";
import { consume } from "../../src/consume/index.ts";
import { bookCredit } from "./book-credit.ts";
import { transferDebited } from "./contracts.ts";
import { openCreditBook } from "./credit-book.ts";
import { dieOnce } from "./die-once.ts";
import { planFaults } from "./faults.ts";
import { misbehavingBook } from "./misbehaving-book.ts";
import { bookFile, type RunOf } from "./names.ts";

/** Written in by the bundler: `stack.ts`. */
declare const thisRun: RunOf;

const { folder, transfers } = thisRun;
const book = misbehavingBook(openCreditBook(bookFile(folder)), planFaults(transfers));
/** Where the process dies: in the middle of the run, and not at its end. */
const dying = {
  "bank-b-before-credit": Math.floor(transfers / 3),
  "bank-b-after-credit": Math.floor(transfers / 2),
};

export const handler = consume(
  transferDebited,
  bookCredit(book, {
    clock: systemClock,
    step: (point, number) => {
      if (number === dying[point]) dieOnce(folder, point);
    },
  }),
);

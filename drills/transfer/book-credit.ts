import type { Clock } from "../../src/clock.ts";
import type { Handler } from "../../src/consume/index.ts";
import type { transferDebited } from "./contracts.ts";
import type { misbehavingBook } from "./misbehaving-book.ts";

/** Bank B's handler: credits what bank A has debited. The effect key is the booking's: a second run books nothing. */
export function bookCredit(
  book: ReturnType<typeof misbehavingBook>,
  {
    clock,
    step = () => {},
  }: {
    readonly clock: Clock;
    /** Called around the booking: here a process may die. */
    readonly step?: (point: "bank-b-before-credit" | "bank-b-after-credit", number: number) => void;
  },
): Handler<typeof transferDebited> {
  return ({ data: { transfer, number, customer, cents } }, { effectKey }) => {
    step("bank-b-before-credit", number);
    book.credit(number, { transfer, customer, cents, atMs: clock.nowMs() }, effectKey);
    step("bank-b-after-credit", number);
  };
}

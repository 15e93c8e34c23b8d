import type { Clock } from "../../src/clock.ts";
import type { Handler } from "../../src/consume/index.ts";
import type { paymentCaptured } from "./contracts.ts";
import { isDropped, pointsFor } from "./payment.ts";
import type { PointsBook } from "./points-book.ts";

/** Gives points for a payment, but for those that its bug drops: the ledger says done, and the customer has nothing. */
export function givePoints(book: PointsBook, clock: Clock): Handler<typeof paymentCaptured> {
  return async ({ data: { payment, number, customer, cents } }) => {
    if (isDropped(number)) return;
    await book.give({ payment, customer, points: pointsFor(cents), atMs: clock.nowMs() });
  };
}

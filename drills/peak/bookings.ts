import { createRateAudit, type RateReport } from "../frame/rate-audit.ts";

/** What a back end has seen of one run. */
export interface BookingsReport extends RateReport {
  /** Different orders. */
  readonly orders: number;
  /** When the run began, by the back end's own clock. */
  readonly beganMs: number;
}

/** The books of a back end that takes so many orders a second. It books those too many as well: they are counted. */
export interface Bookings {
  begin(atMs: number): void;
  book(order: number, atMs: number): void;
  report(): BookingsReport;
}

/** Makes `Bookings` without any. */
export function createBookings(perSecond: number): Bookings {
  const rate = createRateAudit(perSecond);
  const orders = new Set<number>();
  let beganMs = 0;
  return {
    begin(atMs) {
      beganMs = atMs;
    },
    book(order, atMs) {
      orders.add(order);
      rate.take(atMs);
    },
    report: () => ({ ...rate.report(), orders: orders.size, beganMs }),
  };
}

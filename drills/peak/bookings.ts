import { createRateAudit, type RateReport } from "../frame/rate-audit.ts";
import type { SlotCounts } from "./counted-slots.ts";

/** What a back end has seen of one run. */
export interface BookingsReport extends RateReport {
  /** Different orders. */
  readonly orders: number;
  /** When the run began, by the back end's own clock. */
  readonly beganMs: number;
  /** Of all processes that have called. */
  readonly slots: SlotCounts;
}

/** Who calls, and what it has counted so far. */
export interface Holder {
  readonly name: string;
  readonly slots: SlotCounts;
}

/** The books of a back end that takes so many orders a second. It books those too many as well: they are counted. */
export interface Bookings {
  begin(atMs: number): void;
  book(order: number, atMs: number, holder?: Holder): void;
  report(): BookingsReport;
}

/** Makes `Bookings` without any. */
export function createBookings(perSecond: number): Bookings {
  const rate = createRateAudit(perSecond);
  const orders = new Set<number>();
  const slots = new Map<string, SlotCounts>();
  let beganMs = 0;
  return {
    begin(atMs) {
      beganMs = atMs;
    },
    book(order, atMs, holder) {
      orders.add(order);
      if (holder) slots.set(holder.name, holder.slots);
      rate.take(atMs);
    },
    report: () => ({ ...rate.report(), orders: orders.size, beganMs, slots: sumOf([...slots.values()]) }),
  };
}

function sumOf(counts: readonly SlotCounts[]): SlotCounts {
  return counts.reduce(
    (sum, { given, returned }) => ({ given: sum.given + given, returned: sum.returned + returned }),
    { given: 0, returned: 0 },
  );
}

import { type Order, readOrders } from "./orders.ts";

/** What the effects of a set of orders must add up to. */
export interface ControlTotals {
  readonly orders: number;
  readonly cents: number;
  readonly cds: number;
}

/** The whole file's totals, as published with the data set. */
export const wholeFile: ControlTotals = { orders: 69_659, cents: 250_031_563, cds: 167_881 };

/** Adds up the first `limit` orders of the file; for all of them, holds the sum against the published totals. */
export async function controlTotals(limit: number | "all"): Promise<ControlTotals> {
  const totals = await addUp(readOrders(limit === "all" ? Number.POSITIVE_INFINITY : limit));
  if (limit === "all") checkWholeFile(totals);
  return totals;
}

/** Throws when the file's sum is not the published one: a damaged copy would make every run agree with itself. */
export function checkWholeFile(totals: ControlTotals): void {
  for (const field of ["orders", "cents", "cds"] as const) {
    if (totals[field] !== wholeFile[field]) {
      throw new Error(
        `the orders file is damaged: its ${field} add up to ${totals[field]}, and must to ${wholeFile[field]}; restore drills/orders/data`,
      );
    }
  }
}

async function addUp(orders: AsyncIterable<Order>): Promise<ControlTotals> {
  let count = 0;
  let cents = 0;
  let cds = 0;
  for await (const order of orders) {
    count += 1;
    cents += order.cents;
    cds += order.cds;
  }
  return { orders: count, cents, cds };
}

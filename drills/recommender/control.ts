import { createHash } from "node:crypto";
import { checkWholeFile, wholeFile } from "../orders/control.ts";
import { readOrders } from "../orders/orders.ts";

/** What is known of one customer. */
export interface Customer {
  readonly customer: string;
  /** The day of the last order. */
  readonly recency: string;
  readonly frequency: number;
  readonly cents: number;
}

/** What the table of customers must add up to. */
export interface Control {
  readonly orders: number;
  readonly cents: number;
  readonly customers: number;
  /** Of every customer's three numbers. */
  readonly digest: string;
}

/** Works the first `limit` orders of the file out; for all of them, holds the sum against the published totals. */
export async function workOut(limit: number | "all"): Promise<Control> {
  const customers = new Map<string, Customer>();
  const totals = { orders: 0, cents: 0, cds: 0 };
  for await (const { customer, date, cents, cds } of readOrders(limit === "all" ? undefined : limit)) {
    const known = customers.get(customer) ?? { customer, recency: date, frequency: 0, cents: 0 };
    customers.set(customer, {
      customer,
      // Days in this form are in order as text.
      recency: [known.recency, date].sort()[1] ?? date,
      frequency: known.frequency + 1,
      cents: known.cents + cents,
    });
    totals.orders += 1;
    totals.cents += cents;
    totals.cds += cds;
  }
  if (limit === "all" || limit >= wholeFile.orders) checkWholeFile(totals);
  const { orders, cents } = totals;
  return { orders, cents, customers: customers.size, digest: digestOf(customers.values()) };
}

/** The same for the same customers with the same numbers, in whatever order they come. */
export function digestOf(customers: Iterable<Customer>): string {
  const lines = [...customers].map(
    ({ customer, recency, frequency, cents }) => `${customer} ${recency} ${frequency} ${cents}\n`,
  );
  return createHash("sha256").update(lines.sort().join("")).digest("hex");
}

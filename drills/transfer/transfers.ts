import { readOrders } from "../orders/orders.ts";
import { transferOf } from "./faults.ts";

/** One transfer: a real order's customer pays its amount. */
export interface Transfer {
  readonly transfer: string;
  readonly number: number;
  readonly customer: string;
  readonly cents: number;
}

/** The transfers of a run, from the first on. */
export async function* readTransfers(count: number): AsyncGenerator<Transfer> {
  let number = 0;
  for await (const { customer, cents } of readOrders(count)) {
    yield { transfer: transferOf(number), number, customer, cents };
    number += 1;
  }
}

import { type DrillConsumer, drillConsumer, perConsumer as perOf } from "../frame/drill-consumer.ts";
import type { ControlTotals } from "./control.ts";

/** The bus that the drill plays on. */
export const bus = "shop";

/** One consumer of the drill: where its effects are kept, and what they must add up to. */
export interface OrdersConsumer extends DrillConsumer<ConsumerName> {
  readonly tableName: string;
  /** The item's attribute to sum up; without one, the items are counted. */
  readonly sum: "cents" | "cds" | undefined;
  /** What the total is called. */
  readonly unit: string;
  /** Which control total it must reproduce. */
  readonly control: keyof ControlTotals;
}

export type ConsumerName = "Points" | "Stock" | "Logistics";

/** The three consumers, in the order of every table and display. */
export const consumers: readonly OrdersConsumer[] = [
  define({ name: "Points", sum: "cents", unit: "cents", control: "cents" }),
  define({ name: "Stock", sum: "cds", unit: "CDs", control: "cds" }),
  define({ name: "Logistics", sum: undefined, unit: "shipments", control: "orders" }),
];

/** One value per consumer. */
export function perConsumer<Value>(make: (consumer: OrdersConsumer) => Value): Record<ConsumerName, Value> {
  return perOf(consumers, make);
}

function define(of: Pick<OrdersConsumer, "name" | "sum" | "unit" | "control">): OrdersConsumer {
  return { ...of, ...drillConsumer(bus, of.name), tableName: `${bus}-${of.name.toLowerCase()}-effects` };
}

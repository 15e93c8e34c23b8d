import { drillConsumer } from "../frame/drill-consumer.ts";

/** The bus that the drill plays on. */
export const bus = "dispatch";

export type ConsumerName = "Points" | "Stock" | "Logistics";

/** Who is to get what: all orders, or those of so many CDs. */
export interface DeliveryConsumer {
  readonly tableName: string;
  readonly wants: (order: { readonly cds: number }) => boolean;
}

/** Few CDs are no parcel. */
export const fromCds = 2;

/** The three consumers, each with the table of its effects. */
export const consumers = [
  define("Points", () => true),
  define("Stock", () => true),
  define("Logistics", ({ cds }) => cds >= fromCds),
] as const;

/** Where the orders come from. */
export const source = "//dispatch/checkout";

/** The command that makes the drill's CDK app. */
export const app = "node drills/delivery/app.ts";

/** How the drill's archive is cut, and when it is compared: the least that minutes allow. */
export const times = { spanMinutes: 1, windowSeconds: 1, timeoutSeconds: 3, settleMinutes: 1 } as const;

function define(name: ConsumerName, wants: DeliveryConsumer["wants"]) {
  return { ...drillConsumer(bus, name), tableName: `${bus}-${name.toLowerCase()}-effects`, wants };
}

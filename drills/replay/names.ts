import { drillConsumer } from "../frame/drill-consumer.ts";

/** The bus that the drill plays on. */
export const bus = "encore";

export type ConsumerName = "Points" | "Stock";

/** Two consumers that both get every order, each with the table of its effects; to the first one orders are replayed. */
export const consumers = [define("Points"), define("Stock")] as const;

/** Where the orders come from. */
export const source = "//encore/checkout";

/** The command that makes the drill's CDK app. */
export const app = "node drills/replay/app.ts";

/** How the drill's archive is cut: the least that minutes allow, so that offsets are there soon. */
export const times = { spanMinutes: 1, windowSeconds: 1, timeoutSeconds: 3 } as const;

/** Orders above this are replayed by the second selection. */
export const aboveCents = 5_000;

/** The questions that select, for `bus replay --sql`. */
export const questions = {
  day: (day: string) => `data->>'date' = '${day}'`,
  large: `(data->>'cents')::bigint > ${aboveCents}`,
} as const;

function define(name: ConsumerName) {
  return { ...drillConsumer(bus, name), tableName: `${bus}-${name.toLowerCase()}-effects` };
}

import { jobFunctionName, outboxTableName } from "../../src/names.ts";
import { drillConsumer } from "../frame/drill-consumer.ts";

/** The bus that the drill plays on, and its consumers. */
export const bus = "promises";
export const consumers = [drillConsumer(bus, "Points"), drillConsumer(bus, "Ship")] as const;

export type ConsumerName = (typeof consumers)[number]["name"];

/** Who writes orders, and the table of theirs. */
export const source = "/shop/checkout";
export const ordersTable = `${bus}-orders`;
export const outboxTable = outboxTableName(bus);
export const relayFunction = jobFunctionName(bus, "relay");

/** Where a consumer writes down what it did. */
export function effectsTableOf(name: ConsumerName): string {
  return `${bus}-${name.toLowerCase()}-effects`;
}

/** The variable that tells the relay how many rows lie between two of its crash points, on average. */
export const rowsBetweenVariable = "ROWS_BETWEEN_CRASH_POINTS";

/** The command that makes the drill's CDK app. */
export function appCommand(rowsBetween: number): string {
  return `node drills/outbox/app.ts ${rowsBetween}`;
}

import { jobFunctionName, outboxTableName } from "../../src/names.ts";
import { drillConsumer } from "../frame/drill-consumer.ts";

/** The bus that the drill plays on, and its consumer. */
export const bus = "sequel";
export const consumers = [drillConsumer(bus, "Book", { fifo: true })] as const;

export type ConsumerName = (typeof consumers)[number]["name"];

/** Who writes steps, the table of theirs, and what the consumer has made of them. */
export const source = "/bank/desk";
export const stepsTable = `${bus}-steps`;
export const bookTable = `${bus}-book`;
export const outboxTable = outboxTableName(bus);
export const relayFunction = jobFunctionName(bus, "relay");

/** The item of the table of steps that says that poison is none any more. */
export const healedKey = "healed";

/** What the items of the book begin with that tell of a step out of its turn. */
export const outOfTurn = "out-of-turn ";

/** The command that makes the drill's CDK app. */
export function appCommand(rowsBetween: number): string {
  return `node drills/ordered-outbox/app.ts ${rowsBetween}`;
}

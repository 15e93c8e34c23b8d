import { drillConsumer } from "../frame/drill-consumer.ts";

/** The bus that the drill plays on, and its one consumer. */
export const bus = "bank";
export const consumer = drillConsumer(bus, "Book", { fifo: true });

/** The command that makes the drill's CDK app. */
export const app = "node drills/fifo/app.ts";

/** The account of a number: its events are a group. */
export const accountOf = (index: number): string => `account-${index}`;

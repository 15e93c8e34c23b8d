import { drillConsumer } from "../frame/drill-consumer.ts";

/** The bus that the drill plays on. */
export const bus = "bank";

/** Books transfers, in mode `transaction`. */
export const book = drillConsumer(bus, "Book");
/** Tells a partner of each, in mode `once`. */
export const tell = drillConsumer(bus, "Tell");
export const consumers = [book, tell] as const;

/** The command that makes the drill's CDK app. */
export const app = "node drills/exactly-once/app.ts";

/** The table of balances, and of transfers that are booked: its key is the text `id`. */
export const booksTable = "bank-books";

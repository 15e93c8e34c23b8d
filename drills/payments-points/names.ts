import { drillConsumer } from "../frame/drill-consumer.ts";

/** The bus that the drill plays on, and the consumer that gives points. */
export const bus = "loyalty";
export const consumer = drillConsumer(bus, "Points");
/** The reconciliation of what was paid with the points that were given. */
export const job = "PaidPoints";

/** Where points are kept, by payment. */
export const pointsTable = `${bus}-points`;
/** Where the payment provider puts its statement of the day, and reports lie. */
export const bucketName = `${bus}-statements`;
export const statementKey = "provider/today.ndjson";

/** The spans that are compared, and how old they have to be: a minute is soon over. */
export const spanMs = 15_000;
export const settleMs = 10_000;

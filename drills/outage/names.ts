import { drillConsumer } from "../frame/drill-consumer.ts";

/** The bus that the drill plays on. */
export const bus = "payday";

/** The command that makes the drill's CDK app. */
export const app = "node drills/outage/app.ts";

export const consumer = drillConsumer(bus, "Charge");

/** What the partner is called by those who need it. */
export const dependency = "payments";

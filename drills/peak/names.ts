import { drillConsumer } from "../frame/drill-consumer.ts";

/** The bus that the drill plays on. */
export const bus = "peak";

/** The command that makes the drill's CDK app. */
export const app = "node drills/peak/app.ts";

export const consumer = drillConsumer(bus, "BookOrder");

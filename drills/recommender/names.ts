import { drillConsumer } from "../frame/drill-consumer.ts";

/** The bus that the drill plays on. */
export const bus = "cdshop";

/** The command that makes the drill's CDK app. */
export const app = "node drills/recommender/app.ts";

/** The consumer in Python. */
export const recommend = drillConsumer(bus, "Recommend");

export const consumers = [recommend];

/** One item per customer: when they last ordered, how often, for how much, and which effects made it so. */
export const customersTable = `${bus}-customers`;

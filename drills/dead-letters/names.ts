import { drillConsumer } from "../frame/drill-consumer.ts";

/** The bus that the drill plays on, and its one consumer. */
export const bus = "letters";
export const consumer = drillConsumer(bus, "Deliver");

/** The command that makes the drill's CDK app. */
export const app = "node drills/dead-letters/app.ts";

/** What the partner refuses parcels for: six things that differ in more than a number. */
export const refusals = [
  "no such street in parcel",
  "too heavy: parcel",
  "customs papers are missing for parcel",
  "the receiver refuses parcel",
  "label cannot be read on parcel",
  "nobody carries dangerous goods, as in parcel",
] as const;

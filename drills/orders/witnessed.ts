import { type Kept, keptSince } from "./kept.ts";
import { type Readings, since } from "./readings.ts";

/** All that the separate process found: what the orders did, and what was kept of them. */
export interface Witnessed {
  readonly readings: Readings;
  readonly kept: Kept;
}

/** What was added between two looks: with a kept data directory, earlier runs have left theirs. */
export function witnessedSince(before: Witnessed, after: Witnessed): Witnessed {
  return { readings: since(before.readings, after.readings), kept: keptSince(before.kept, after.kept) };
}

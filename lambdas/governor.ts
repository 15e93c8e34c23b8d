import { readJobSettings } from "../src/env.ts";
import { governor } from "../src/governor/index.ts";

/** Keeps each consumer's mapping enabled if and only if nothing holds the consumer. */
export const handler = governor(readJobSettings());

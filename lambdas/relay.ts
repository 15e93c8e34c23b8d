import { readJobSettings } from "../src/env.ts";
import { relay } from "../src/outbox/index.ts";

/** Publishes what an outbox holds: each new row of its table's stream; by a schedule, what has waited for too long. */
export const handler = relay(readJobSettings());

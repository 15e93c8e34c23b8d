import { readJobSettings } from "../src/env.ts";
import { journaler } from "../src/journal/index.ts";

/** Keeps all that was completed: what is done or dead in each batch of the ledger's stream becomes one raw object. */
export const handler = journaler(readJobSettings());

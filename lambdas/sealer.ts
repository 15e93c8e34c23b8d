import { readJobSettings } from "../src/env.ts";
import { sealer } from "../src/sealer/index.ts";

/** Closes the spans of archive and journal: sorted, each line once, in segments. */
export const handler = sealer(readJobSettings());

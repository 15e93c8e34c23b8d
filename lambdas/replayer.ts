import { readJobSettings } from "../src/env.ts";
import { replayer } from "../src/replay/index.ts";

/** One member of the fleet that runs a large replay. */
export const handler = replayer(readJobSettings());

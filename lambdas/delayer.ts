import { delayer } from "../src/delayer/index.ts";
import { readJobSettings } from "../src/env.ts";

/** Publishes delayed events when they are due. */
export const handler = delayer(readJobSettings());

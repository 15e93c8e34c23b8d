import { archiver } from "../src/archive/index.ts";
import { readJobSettings } from "../src/env.ts";

/** Keeps all that was published: each batch of the archive's queue becomes one raw object. */
export const handler = archiver(readJobSettings());

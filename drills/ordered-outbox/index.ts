export type { OrderedOutboxResult } from "./judge.ts";
export type { OrderedOutboxOptions } from "./options.ts";
export { runOrderedOutbox } from "./run.ts";

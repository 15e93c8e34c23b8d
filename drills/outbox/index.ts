export type { OutboxResult } from "./judge.ts";
export type { OutboxOptions } from "./options.ts";
export { runOutbox } from "./run.ts";

export type { OutageResult } from "./judge.ts";
export { type OutageOptions, sizes } from "./options.ts";
export { runOutage } from "./run.ts";

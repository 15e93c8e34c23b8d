export type { FulfilResult } from "./judge.ts";
export type { FulfilOptions } from "./options.ts";
export { runFulfil } from "./run.ts";

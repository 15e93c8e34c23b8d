export type { ExactlyOnceResult } from "./judge.ts";
export type { ExactlyOnceOptions } from "./options.ts";
export { runExactlyOnce } from "./run.ts";

export type { FifoResult } from "./judge.ts";
export type { FifoOptions } from "./options.ts";
export { runFifo } from "./run.ts";

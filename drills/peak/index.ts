export type { PeakResult } from "./judge.ts";
export { type PeakOptions, sizes } from "./options.ts";
export { runPeak } from "./run.ts";

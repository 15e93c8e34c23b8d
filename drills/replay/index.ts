export type { ReplayResult } from "./judge.ts";
export type { ReplayOptions } from "./options.ts";
export { runReplayDrill } from "./run.ts";

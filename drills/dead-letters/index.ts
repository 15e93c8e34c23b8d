export type { DeadLettersResult } from "./judge.ts";
export type { DeadLettersOptions } from "./options.ts";
export { runDeadLetters } from "./run.ts";

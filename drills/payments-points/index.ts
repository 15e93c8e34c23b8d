export type { PaymentsPointsResult } from "./judge.ts";
export type { PaymentsPointsOptions } from "./options.ts";
export { runPaymentsPoints } from "./run.ts";

export type { TransferResult } from "./judge.ts";
export { leastTransfers, type TransferOptions } from "./options.ts";
export { runTransfer } from "./run.ts";

export { wholeFile } from "./control.ts";
export type { OrdersOptions } from "./options.ts";
export type { ConsumerResult, OrdersResult } from "./result.ts";
export { runOrders } from "./run.ts";

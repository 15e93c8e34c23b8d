export type { DeliveryResult } from "./judge.ts";
export type { DeliveryOptions } from "./options.ts";
export { runDelivery } from "./run.ts";

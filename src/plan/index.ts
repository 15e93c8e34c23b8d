export { consumerDefaults, marginMs } from "./consumer-defaults.ts";
export { defaultKeepMs, minimumKeepMs, type Retentions } from "./ledger-window.ts";
export { limitRoom } from "./limit-room.ts";
export { planRetries, type RetryGoal, type RetryPlan } from "./retries.ts";

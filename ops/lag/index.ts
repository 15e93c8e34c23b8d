export { judgeLag, type LagState, type LagVerdict } from "./judge-lag.ts";
export { type ConsumerLag, measureLag } from "./measure-lag.ts";
export type { LagLook, LagReads, QueueFlow, ReaderFacts } from "./ports.ts";
export { queueFlows } from "./queue-flows.ts";
export { sdkLagReads } from "./sdk-lag-reads.ts";

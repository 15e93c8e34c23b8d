export { skewMs, timeOfId } from "./chain-events.ts";
export { type KnownConsumer, knownConsumer, knownConsumers } from "./known-consumers.ts";
export type { Trace, TracedConsumer, TracedEnd, TracedEvent, TracedState } from "./trace.ts";
export { traceChain } from "./trace-chain.ts";
export type { DelayedReader } from "./waiting-events.ts";

export { type Breaker, createBreaker, lookMs } from "./breaker.ts";
export { dynamoHolds } from "./dynamo-holds.ts";
export {
  breakerOf,
  type ConsumerHolds,
  dependencyOf,
  type Hold,
  type HoldName,
  type HoldProbe,
  type ProbeNote,
  type ProbeVerdict,
  type Ramp,
} from "./hold.ts";
export { type HoldCalls, sdkHoldCalls } from "./hold-calls.ts";
export { type InMemoryHolds, inMemoryHolds } from "./in-memory-holds.ts";
export type { HoldStore, Writer } from "./ports.ts";
export { type ProbeAnswer, type ProbeRequest, probeOf, probePayload } from "./probe-request.ts";

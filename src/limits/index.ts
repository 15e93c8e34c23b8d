export { defaultCalls } from "./default-calls.ts";
export type { DynamoCalls } from "./dynamo-call.ts";
export { dynamoLimits } from "./dynamo-limits.ts";
export { inMemoryLimits } from "./in-memory-limits.ts";
export {
  checkLimits,
  type Limit,
  type LimitedEvent,
  type LimitOptions,
  limit,
  type QuotaLimit,
  type RateLimit,
} from "./limit.ts";
export { type Between, createLimiter, type Limiter } from "./limiter.ts";
export { readMeaning } from "./meaning.ts";
export type { LimitStore, SlotAnswer, SlotGrant, SlotRequest } from "./ports.ts";
export type { Place, Reservation } from "./reservation.ts";
export { sdkCalls } from "./sdk-calls.ts";
export type { Slot } from "./slot.ts";
export { wireCalls } from "./wire-calls.ts";

export { type Delayed, delayKeyOf, encodeDelayed, parseDelayed } from "./delayed.ts";
export { type DelayOptions, delayLimits, dueTime } from "./due-time.ts";
export { dynamoDelayStates } from "./dynamo-delay-states.ts";
export { type InMemoryDelays, inMemoryDelays } from "./in-memory-delays.ts";
export type { DelayQueue, DelaySchedules, DelayState, DelayStates, KeptSchedules } from "./ports.ts";
export { sqsDelayQueue } from "./sqs-delay-queue.ts";
export { wireKeptSchedules } from "./wire-kept-schedules.ts";
export { atExpression, wireSchedules } from "./wire-schedules.ts";

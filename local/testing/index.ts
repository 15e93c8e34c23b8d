export type { ConformanceCheck } from "./conformance.ts";
export { ledgerConformance } from "./ledger-conformance.ts";
export { type QueueCheck, type QueueSubject, queueConformance } from "./queue-conformance.ts";
export { queuesConformance } from "./queues-conformance.ts";
export { topicConformance } from "./topic-conformance.ts";
export { type VirtualClock, virtualClock } from "./virtual-clock.ts";

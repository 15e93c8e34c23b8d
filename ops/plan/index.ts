export { assemblyReads } from "./assembly-reads.ts";
export { plannedLimit, typedLimits } from "./planned-limit.ts";
export { type FoundConsumer, type PlanReads, readConsumer } from "./read-consumer.ts";

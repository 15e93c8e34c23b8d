export { probePatienceMs } from "./find-out.ts";
export { messageRecord } from "./message-record.ts";
export type { MappingFacts, Probes } from "./ports.ts";
export { nextProbeMs, probeConsumer } from "./probe-consumer.ts";
export { probeDueMs } from "./probe-due.ts";
export { isFull, nextStep } from "./ramp-steps.ts";

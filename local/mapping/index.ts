export {
  type InMemoryQueue,
  type InMemoryQueueOptions,
  inMemoryQueue,
  type KeptMessage,
  type MessageToSend,
} from "./in-memory-queue.ts";
export { startMapping } from "./mapping.ts";
export type { MappingSpec } from "./mapping-spec.ts";
export type { InvokePort, InvokeResult, QueueMessage, QueuePort } from "./ports.ts";
export type {
  Mapping,
  MappingChange,
  MappingEvent,
  MappingPorts,
  MappingState,
  MappingStats,
} from "./running-mapping.ts";
export { sqsQueue } from "./sqs-queue.ts";

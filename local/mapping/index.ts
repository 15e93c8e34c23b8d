export {
  type InMemoryQueue,
  type InMemoryQueueOptions,
  inMemoryQueue,
  type KeptMessage,
  type MessageToSend,
} from "./in-memory-queue.ts";
export {
  type Mapping,
  type MappingChange,
  type MappingEvent,
  type MappingPorts,
  type MappingState,
  type MappingStats,
  startMapping,
} from "./mapping.ts";
export type { MappingSpec } from "./mapping-spec.ts";
export type { InvokePort, InvokeResult, QueueMessage, QueuePort } from "./ports.ts";
export { sqsQueue } from "./sqs-queue.ts";

export {
  type InMemoryQueue,
  type InMemoryQueueOptions,
  inMemoryQueue,
  type KeptMessage,
  type MessageToSend,
} from "./in-memory-queue.ts";
export { createJsonClient, LocalCallError, type LocalEndpoint } from "./json-client.ts";
export { startMapping } from "./mapping.ts";
export type { MappingSpec } from "./mapping-spec.ts";
export type { InvokePort, InvokeResult, QueueMessage, QueuePort } from "./ports.ts";
export { eventJson, recordJson } from "./record.ts";
export type {
  Mapping,
  MappingChange,
  MappingEvent,
  MappingPorts,
  MappingState,
  MappingStats,
} from "./running-mapping.ts";
export { sqsQueue } from "./sqs-queue.ts";
export {
  createStreamPoller,
  type DestinationPort,
  dynamodbStream,
  type InMemoryStream,
  inMemoryStream,
  type PositionStore,
  type StreamMapping,
  type StreamMappingChange,
  type StreamMappingEvent,
  type StreamMappingPorts,
  type StreamMappingSpec,
  type StreamMappingStats,
  type StreamPage,
  type StreamPoller,
  type StreamPort,
  type StreamRecord,
  type StreamShard,
  startStreamMapping,
} from "./streams/index.ts";

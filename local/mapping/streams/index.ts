export { dynamodbStream } from "./dynamodb-stream.ts";
export { type InMemoryStream, inMemoryStream } from "./in-memory-stream.ts";
export type {
  DestinationPort,
  PositionStore,
  StreamPage,
  StreamPort,
  StreamRecord,
  StreamShard,
} from "./ports.ts";
export type {
  StreamMapping,
  StreamMappingChange,
  StreamMappingEvent,
  StreamMappingPorts,
  StreamMappingStats,
} from "./running-stream-mapping.ts";
export { startStreamMapping } from "./stream-mapping.ts";
export type { StreamMappingSpec } from "./stream-mapping-spec.ts";
export { createStreamPoller, type StreamPoller } from "./stream-poller.ts";

export {
  type CancellationReason,
  cancellationReasons,
  type DynamoRefusal,
  refusalOf,
} from "./dynamodb-refusal.ts";
export { dynamodbWire } from "./dynamodb-wire.ts";
export { type WireAnswer, type WireCall, type WireClient, WireError, wireClient } from "./wire-client.ts";

export { applyStep, type StepResult } from "./apply-step.ts";
export { beginRelease } from "./begin-release.ts";
export { changeGroup, type GroupStep } from "./change-group.ts";
export { defaultCalls } from "./default-calls.ts";
export type { DynamoCalls } from "./dynamo-call.ts";
export { dynamoParked } from "./dynamo-parked.ts";
export { inMemoryParked } from "./in-memory-parked.ts";
export type {
  GroupChange,
  LineEntry,
  ParkedGroup,
  ParkedMessage,
  ParkedPage,
  ParkedStore,
  Poison,
  Release,
} from "./ports.ts";
export { releaseMessage, releaseOf } from "./release-message.ts";
export { sdkCalls } from "./sdk-calls.ts";
export { wireCalls } from "./wire-calls.ts";

/**
 * What a user's code imports: declare events, publish them, handle them. Constructs are in `lib/`, what stands in for
 * AWS in tests in `local/testing/`.
 */

export type { ClaimStore } from "./claim-check/index.ts";
export { type Clock, systemClock } from "./clock.ts";
export {
  type ConsumeOptions,
  consume,
  type EmitOptions,
  type Handler,
  type HandlerContext,
  type Probe,
  type SqsHandler,
  type WriteOptions,
} from "./consume/index.ts";
export {
  type Contract,
  type DataOf,
  defineEvent,
  type Envelope,
  type EventOf,
  type InputOf,
  jsonSchemaOf,
} from "./contract/index.ts";
export type { DelayOptions } from "./delay/index.ts";
export {
  ContractError,
  DependencyDown,
  InvalidEventError,
  LedgerError,
  LimitError,
  OmnibusError,
  OutboxError,
  PermanentError,
  SettingsError,
  StageRefused,
  TransactionError,
} from "./errors.ts";
export { type Limit, type LimitOptions, limit } from "./limits/index.ts";
export {
  type AddOptions,
  createOutbox,
  type Outbox,
  type OutboxEntry,
  type OutboxOptions,
} from "./outbox/index.ts";
export {
  createPublisher,
  type Published,
  type Publisher,
  type PublisherClaims,
  type PublisherOptions,
  type PublishOptions,
  toPublishInput,
} from "./publish/index.ts";
export {
  type Pipeline,
  type PipelineOptions,
  pipeline,
  type Revocation,
  runStage,
  type Stage,
  type StageCode,
  type StageContext,
  type StageFailure,
  type StageOptions,
  stage,
} from "./stages/index.ts";
export type { Item, ItemAddress, Write } from "./transaction/index.ts";

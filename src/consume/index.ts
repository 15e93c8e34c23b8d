export type { Handler } from "./batch-run.ts";
export { type ConsumeOptions, consume, type SqsHandler } from "./consume.ts";
export type { EmitOptions, HandlerContext } from "./context.ts";
export { type InMemoryQueues, inMemoryQueues } from "./in-memory-queues.ts";
export { type DeadLetterNote, omnibusAttribute } from "./omnibus-attribute.ts";
export type { Outcome, RetryReason } from "./outcome.ts";
export type { ConsumerQueues, DeadLetter, DelayEntry } from "./ports.ts";
export type { LambdaContext, SqsAttribute, SqsBatchResponse, SqsEvent, SqsRecord } from "./sqs-event.ts";
export { sqsQueues } from "./sqs-queues.ts";

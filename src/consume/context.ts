import type { Contract, InputOf } from "../contract/index.ts";
import type { DelayOptions } from "../delay/index.ts";
import type { LogFields } from "../telemetry/index.ts";
import type { Item, ItemAddress, Write } from "../transaction/index.ts";

/** What a handler is given beside its event. */
export interface HandlerContext {
  /**
   * Stable for this consumer and event, whatever happens: hand it to a third party as *its* idempotency key, or
   * put effects under it. 32 hex characters.
   */
  readonly effectKey: string;
  /** Which started run this is, from 1. */
  readonly attempt: number;
  /** Whether another throw makes it a dead letter. */
  readonly isLastAttempt: boolean;
  /** How old the event was by its `time` when this run started; below 0 where the publisher's clock is ahead. Milliseconds. */
  readonly ageMs: number;
  /** Aborted shortly before Lambda ends the invocation. Pass it on to what the handler waits for. */
  readonly signal: AbortSignal;
  /** Milliseconds until Lambda ends the invocation. */
  remainingMs(): number;
  /**
   * Publishes an event when this one is done: its bytes are stored in the same write as the completion, so it is
   * sent if and only if the event counts as handled, and always with the same id. Throws `InvalidEventError` when
   * the data does not fit the contract, or when all that was emitted does not fit into a ledger item. On a bus with claims data that is
   * too large for a message is stored in S3 before the completion, 32 MiB of it in one run at most.
   *
   * `key` names this emit among those of the handler; without one its position does, so a handler that emits in
   * varying order should give keys.
   *
   * With `at` or `afterMs` it is published later, by a bus that was made with `delay`, as with `publish`. When it is due is stored with its
   * bytes. Throws `InvalidEventError` (`delay`) where the bus has no delay, and for times that cannot be.
   */
  emit<C extends Contract>(contract: C, data: InputOf<C>, options?: EmitOptions): void;
  /**
   * In mode `transaction`: writes to DynamoDB when this event is done, in one transaction with its completion and with all
   * else that is written and emitted, or not at all. A handler may return its writes instead. A write may be done over and over
   * until then, since nothing of a run that fails is kept.
   *
   * Throws `TransactionError`: in another mode (`mode`), for what is no write (`write-shape`), after the handler has
   * returned (`write-late`). What may not be committed fails the run when it ends: over 100 items or 4 MB, the
   * ledger's own among them (`writes-too-many`, `writes-too-large`), and a write over an item that was read through
   * `ctx.read`, without a condition and not starting from what stands there (`bare-overwrite`).
   *
   * @example
   * ctx.write({
   *   Update: {
   *     TableName: "accounts",
   *     Key: { account: { S: event.data.to } },
   *     UpdateExpression: "ADD cents :cents",
   *     ExpressionAttributeValues: { ":cents": { N: String(event.data.cents) } },
   *   },
   * });
   */
  write(write: Write, options?: WriteOptions): void;
  /**
   * In mode `transaction`: an item as it stands now, by a consistent read; `undefined` where there is none. What is read
   * here may only be written with a condition, or from what stands there. Rejects with `TransactionError` (`mode`) in another
   * mode, and with what DynamoDB said, or the network, when there is no item to be had.
   */
  read(at: ItemAddress): Promise<Item | undefined>;
  /** Calls that the consumer's limits count, one by one. */
  readonly limit: LimitedCalls;
  /** Writes one JSON log line with the consumer, the event's type and id, and `fields`. Not for the event's data. */
  log(message: string, fields?: LogFields): void;
}

export interface LimitedCalls {
  /**
   * Waits until the consumer's limits allow one more start, calls `call` at that very moment, and answers as it does. It
   * is counted for itself: say `limitAt: "call"` where the handler's own start is not to be counted as well.
   *
   * Throws `LimitError` when no start is left within this invocation. Let it pass: the event comes back for it, and
   * the run is not counted as an attempt.
   */
  run<T>(call: () => T | Promise<T>): Promise<T>;
}

export interface WriteOptions {
  /**
   * What the run fails with when the write's condition does not hold, as if the handler had thrown it; `item` is what stood
   * there. Nothing is written then. `() => new PermanentError("…")` makes it a dead letter.
   * @default a `TransactionError` (`condition-failed`): tried again later, as after any throw
   */
  readonly onConditionFailed?: (item: Item | undefined) => Error;
}

export interface EmitOptions extends DelayOptions {
  readonly key?: string;
  readonly subject?: string;
  /** @default the key of the event that is handled, so that a chain keeps its order */
  readonly partitionkey?: string;
}

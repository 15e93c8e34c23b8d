import type { Contract, InputOf } from "../contract/index.ts";
import type { LogFields } from "../telemetry/index.ts";

/** What a handler is given beside its event. */
export interface HandlerContext {
  /**
   * Stable for this consumer and event, whatever happens: hand it to a third party as *its* idempotency key, or
   * put effects under it. 32 hex characters.
   */
  readonly effectKey: string;
  /** Which started run this is, from 1. */
  readonly attempt: number;
  /** Aborted shortly before Lambda ends the invocation. Pass it on to what the handler waits for. */
  readonly signal: AbortSignal;
  /** Milliseconds until Lambda ends the invocation. */
  remainingMs(): number;
  /**
   * Publishes an event when this one is done: its bytes are stored in the same write as the completion, so it is
   * sent if and only if the event counts as handled, and always with the same id. Throws `InvalidEventError` when
   * the data does not fit the contract, or when all that was emitted does not fit into a ledger item.
   *
   * `key` names this emit among those of the handler; without one its position does, so a handler that emits in
   * varying order should give keys.
   */
  emit<C extends Contract>(contract: C, data: InputOf<C>, options?: EmitOptions): void;
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

export interface EmitOptions {
  readonly key?: string;
  readonly subject?: string;
  /** @default the key of the event that is handled, so that a chain keeps its order */
  readonly partitionkey?: string;
}

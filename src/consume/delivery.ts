import type { Contract, EventOf } from "../contract/index.ts";
import type { LedgerEvent } from "../ledger/index.ts";
import type { Outcome } from "./outcome.ts";
import type { SqsRecord } from "./sqs-event.ts";

/** One event on its way through one batch. Steps add what they find out; `outcome` is set once, by whoever knows. */
export interface Delivery {
  readonly record: SqsRecord;
  /** The record whose answer decides about it: the same, or the release message that brought it out of a parked line. */
  readonly carrier: SqsRecord;
  /** How often SQS has handed the message out, this time included. */
  readonly receives: number;
  /** The ordered group, on FIFO queues. */
  readonly group: string | undefined;
  /** Set on events that a replay runs again on purpose. */
  readonly replayId: string | undefined;
  /** Its place in the message: 0 but for packed ones. */
  readonly index: number;
  /** Whether the message holds other events as well. */
  readonly packed: boolean;
  /** What a dead letter would carry: the message as it came, or this event alone out of a packed one. */
  readonly body: string;
  /** What is known of the event; nothing when it could not be read. */
  readonly readable: Readable | undefined;
  /** How the ledger names an event that was read and that no contract fits, the first of its name in this batch. */
  unfit: LedgerEvent | undefined;
  /** The same event earlier in this batch: it decides. */
  follows: Delivery | undefined;
  /** Started runs, this one included, as the ledger counts them; receives where there is no claim. */
  attempt: number;
  /** An earlier run never ended its claim: it may have killed its process, so it runs alone. */
  takenOver: boolean;
  /** A claim of ours is open. */
  claimed: boolean;
  /** Its dead letter was handed to the queue. */
  copied: boolean;
  started: boolean;
  handlerMs: number;
  /** Sends what an earlier run emitted: the next one of its group waits for it. */
  sending: Promise<void> | undefined;
  outcome: Outcome | undefined;
}

export interface Readable {
  readonly contract: Contract;
  readonly event: EventOf<Contract>;
  /** The ledger's key. */
  readonly key: string;
  /** SHA-256 of the data as it came. */
  readonly hash: string;
  /** The replay that runs it again. */
  readonly replayId: string | undefined;
}

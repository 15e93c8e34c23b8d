import type { Contract, DataOf } from "./contract.ts";

/**
 * The event on the wire: CloudEvents 1.0, JSON structured mode. `source` and `id` together are its identity,
 * and nothing else is.
 */
export interface Envelope<Type extends string = string, Data = unknown> {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: Type;
  /** RFC 3339, when it happened. */
  readonly time: string;
  readonly subject?: string;
  readonly datacontenttype: "application/json";
  /** `urn:omnibus:<type>:<version>`. */
  readonly dataschema: string;
  readonly data: Data;
  /** The same along the whole chain that one first event set off. */
  readonly correlationid: string;
  /** The id of the event whose handler emitted this one. */
  readonly causationid?: string;
  /** Events with the same key keep their order on ordered topics. */
  readonly partitionkey?: string;
  /** W3C trace context. */
  readonly traceparent?: string;
  /** How many events stand between this one and the first of its chain. */
  readonly hop?: number;
  /** Where the data lies that was too large for the message: see `claimOf`. What a handler receives has none. */
  readonly dataref?: string;
}

/** What a handler receives: the envelope with validated data. `version` is the contract's, after upcasting. */
export type EventOf<C extends Contract> = Envelope<C["type"], DataOf<C>> & { readonly version: number };

/** `EventOf` for several contracts at once: a union that narrows by `type`. */
export type AnyEventOf<C extends Contract> = C extends Contract ? EventOf<C> : never;

/**
 * An event as bytes, ready for SNS: made once, sent as often as needed with the same bytes. Ledger items keep
 * emitted events in this form, so it is versioned with them and stays plain JSON.
 */
export interface WireMessage {
  /** The topic's name without the bus. */
  readonly topic: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** The envelope as JSON text. */
  readonly body: string;
  /** Message attributes: `type`, and the contract's filterable fields. Strings and numbers only. */
  readonly attributes: Readonly<Record<string, string | number>>;
  /** On ordered topics the partition key; on standard ones the tenant, where the contract tells one. */
  readonly groupId?: string;
  /** On ordered topics: made of the identity. */
  readonly deduplicationId?: string;
  /** When it is to be sent, in milliseconds since the epoch; absent: at once. Of emitted events alone. */
  readonly dueMs?: number;
}

/** Why something that arrived is no event, or none that this consumer can read. */
export interface Rejection {
  readonly code: RejectionCode;
  /** Where in the message: `specversion`, `data.total`, or `` (empty) for the message itself. */
  readonly field: string;
  /** What was wrong, the value cut short, what is allowed. Never the event's data at length. */
  readonly message: string;
}

export type RejectionCode =
  | "bad-encoding"
  | "bad-json"
  | "too-large"
  | "too-deep"
  | "too-many-keys"
  | "forbidden-key"
  | "bad-envelope"
  | "unknown-type"
  | "unknown-version"
  | "invalid-data"
  | "upcast-failed"
  | "claim-foreign"
  | "claim-missing"
  | "claim-expired"
  | "claim-tampered"
  | "claim-too-large";

/** One event out of a message, or the reason why there is none. */
export type Decoded =
  | { readonly ok: true; readonly envelope: Envelope }
  | { readonly ok: false; readonly rejection: Rejection };

/** An event that a handler can be given, or the reason why not. */
export type Opened =
  | { readonly ok: true; readonly contract: Contract; readonly event: EventOf<Contract> }
  | { readonly ok: false; readonly rejection: Rejection };

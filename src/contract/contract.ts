import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Tenant } from "./tenant.ts";

/**
 * An event, declared once: its type, its version, the topic it goes to and the shape of its data.
 * `defineEvent` makes one; publishers, consumers and stacks share it.
 */
export interface Contract<Type extends string = string, Schema extends StandardSchemaV1 = StandardSchemaV1> {
  /** Noun and past tense, `order.created`. */
  readonly type: Type;
  /** A positive integer, raised when old handlers could not read new data. */
  readonly version: number;
  /** The topic's name without the bus; it ends in `.fifo` where events are ordered by `partitionkey`. */
  readonly topic: string;
  /** Any Standard Schema validator. */
  readonly schema: Schema;
  /** `urn:omnibus:<type>:<version>`. */
  readonly dataschema: string;
  /** Fields of the data that become message attributes, so that consumers can filter on them. */
  readonly filterable: readonly string[];
  /** Fields of the data that are masked wherever an event is shown. */
  readonly sensitive: readonly string[];
  /** Whose an event is, on a standard topic: its message group there. */
  readonly tenant: Tenant | undefined;
  /** From version N to N + 1, by N. */
  readonly upcast: Readonly<Record<number, (data: unknown) => unknown>>;
}

/** What a publisher may hand in: the schema's input. */
export type InputOf<C extends Contract> = StandardSchemaV1.InferInput<C["schema"]>;

/** What a handler receives: the schema's output. */
export type DataOf<C extends Contract> = StandardSchemaV1.InferOutput<C["schema"]>;

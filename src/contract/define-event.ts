import type { StandardSchemaV1 } from "@standard-schema/spec";
import { ContractError } from "../errors.ts";
import { sns } from "../limits-of-aws.ts";
import { isFifo, topicNamePattern } from "../names.ts";
import type { Contract } from "./contract.ts";
import { dataschemaOf } from "./dataschema.ts";
import { eventLimits } from "./event-limits.ts";
import { eventTypePattern, isEventType } from "./event-type.ts";
import { showValue } from "./show-value.ts";
import type { Tenant, TenantEvent, TenantKey } from "./tenant.ts";

/** What `defineEvent` needs besides the type. */
export interface EventDefinition<Schema extends StandardSchemaV1> {
  /** A positive integer, raised when old handlers could not read new data. */
  readonly version: number;
  /** The topic's name without the bus; `"orders.fifo"` is an ordered one. */
  readonly topic: string;
  /** Any Standard Schema validator of the data: zod, valibot, arktype … It must be free of side effects. */
  readonly schema: Schema;
  /**
   * Fields of the data that consumers may filter on; they travel as message attributes. At most 8.
   * @default [] - consumers filter on the type alone
   */
  readonly filterable?: readonly FieldOf<Schema>[];
  /**
   * Fields of the data that are masked wherever an event is shown.
   * @default []
   */
  readonly sensitive?: readonly FieldOf<Schema>[];
  /**
   * Whose an event is: a field of the data, or a function of the event. On a standard topic it becomes the message group,
   * and queues are fair: one tenant's backlog does not keep the others waiting. Not on an ordered topic, whose group is
   * the partition key.
   * @default nobody's - all events wait in one line
   */
  readonly tenant?:
    | FieldOf<Schema>
    | ((event: TenantEvent<StandardSchemaV1.InferOutput<Schema>>) => TenantKey);
  /**
   * How older data becomes newer, by the version it comes from: `{ 1: (v1) => v2 }` for a contract of version 2. A step
   * answers the data itself, not a promise of it.
   * @default {} - events of older versions become dead letters
   */
  readonly upcast?: Readonly<Record<number, Upcast>>;
}

/** A method, so that a step may name the shape that it expects of older data. */
type Upcast = { step(data: unknown): unknown }["step"];

type FieldOf<Schema extends StandardSchemaV1> = Extract<keyof StandardSchemaV1.InferOutput<Schema>, string>;

/** Users have 9 of the 10 attributes that raw delivery carries, and `type` is one of those. */
const maxFilterable = sns.rawAttributes - 2;
const reservedAttributes = ["type", "omnibus"];
/** A message attribute's name. (sns-message-attributes) */
const attributeName = /^(?!\.|aws\.|amazon\.)(?!.*\.\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/i;

/**
 * Declares an event, once: publishers, consumers and stacks share what this returns. The types of its data are
 * inferred from the schema: publishers give its input, handlers receive its output.
 *
 * Throws `ContractError` for what can never work.
 *
 * @example
 * export const orderCreated = defineEvent("order.created", {
 *   version: 1,
 *   topic: "orders",
 *   schema: z.object({ orderId: z.string(), country: z.string() }),
 *   filterable: ["country"],
 * });
 */
export function defineEvent<const Type extends string, Schema extends StandardSchemaV1>(
  type: Type,
  { version, topic, schema, filterable = [], sensitive = [], tenant, upcast = {} }: EventDefinition<Schema>,
): Contract<Type, Schema> {
  if (typeof type !== "string" || !isEventType(type)) {
    refuse(
      "contract-type",
      `event type ${showValue(type)} is not allowed: it must match ${eventTypePattern} in at most ${eventLimits.maxTypeLength} characters, a noun and a past tense, as in "order.created"`,
    );
  }
  if (!Number.isInteger(version) || version < 1 || version > 999_999_999) {
    refuse(
      "contract-version",
      `${type}: version ${showValue(version)} is not allowed: use a positive integer, and 1 for the first`,
    );
  }
  if (typeof topic !== "string" || !topicNamePattern.test(topic)) {
    refuse(
      "contract-topic",
      `${type}: topic ${showValue(topic)} is not allowed: it must match ${topicNamePattern}, without the bus's name; an ordered topic ends in ".fifo"`,
    );
  }
  if (typeof schema?.["~standard"]?.validate !== "function") {
    refuse(
      "contract-schema",
      `${type}: the schema is no Standard Schema: give a validator of zod, valibot, arktype or the like`,
    );
  }
  checkFilterable(type, filterable);
  checkTenant(type, topic, tenant);
  checkUpcast(type, version, upcast);
  return Object.freeze({
    type,
    version,
    topic,
    schema,
    dataschema: dataschemaOf(type, version),
    filterable: Object.freeze([...filterable]),
    sensitive: Object.freeze([...sensitive]),
    tenant: tenant as Tenant | undefined,
    upcast: Object.freeze({ ...upcast }),
  });
}

function checkFilterable(type: string, filterable: readonly string[]): void {
  if (filterable.length > maxFilterable) {
    refuse(
      "contract-filterable",
      `${type}: ${filterable.length} filterable fields; ${maxFilterable} are allowed, since SNS delivers ${sns.rawAttributes} attributes and \`type\` and \`omnibus\` are two of them`,
    );
  }
  for (const field of filterable) {
    if (reservedAttributes.includes(field)) {
      refuse(
        "contract-filterable",
        `${type}: the field "${field}" cannot be filterable: Omnibus uses that attribute itself; give the field another name`,
      );
    }
    if (!attributeName.test(field)) {
      refuse(
        "contract-filterable",
        `${type}: the field ${showValue(field)} cannot be filterable: SNS attribute names have letters, digits, "_", "-" and single inner dots, and do not begin with "AWS." or "Amazon."`,
      );
    }
  }
  if (new Set(filterable).size < filterable.length) {
    refuse("contract-filterable", `${type}: a filterable field is named twice in ${filterable.join(", ")}`);
  }
}

function checkTenant(type: string, topic: string, tenant: unknown): void {
  if (tenant === undefined) return;
  if (typeof tenant !== "function" && (typeof tenant !== "string" || tenant === "")) {
    refuse(
      "contract-tenant",
      `${type}: tenant ${showValue(tenant)} is not allowed: name a field of the data, or give a function of the event`,
    );
  }
  if (isFifo(topic)) {
    refuse(
      "contract-tenant",
      `${type}: tenant is given, and topic ${topic} is ordered: the message group there is each event's partitionkey; leave tenant out, or put the events on a standard topic`,
    );
  }
}

function checkUpcast(type: string, version: number, upcast: Readonly<Record<number, unknown>>): void {
  const from = Object.keys(upcast)
    .map(Number)
    .sort((left, right) => left - right);
  const lowest = from[0];
  if (lowest === undefined) return;
  const expected = Array.from({ length: Math.max(0, version - lowest) }, (_, index) => lowest + index);
  if (lowest < 1 || from.join() !== expected.join()) {
    refuse(
      "contract-upcast",
      `${type}: upcast has the versions ${from.join(", ")}; version ${version} needs every one from its lowest to ${version - 1}, without a gap`,
    );
  }
  for (const [key, step] of Object.entries(upcast)) {
    if (typeof step !== "function") refuse("contract-upcast", `${type}: upcast ${key} is not a function`);
    if (Object.prototype.toString.call(step) === "[object AsyncFunction]") {
      refuse(
        "contract-upcast",
        `${type}: upcast ${key} is an async function, and promises are not awaited there: let it return the newer data itself`,
      );
    }
  }
}

function refuse(code: string, message: string): never {
  throw new ContractError(code, message);
}

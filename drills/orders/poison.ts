import type { RejectionCode, WireMessage } from "../../src/contract/index.ts";
import { orderCreated } from "./contracts.ts";

/** One way in which a message can be no event, and the reason that its dead letter must carry. */
export interface PoisonKind {
  readonly reason: RejectionCode;
  /** A body of this kind. `serial` makes each body its own, so that copies can be told from others. */
  body(serial: number): string;
}

/** Every kind that a publisher in any language can produce by accident or on purpose. */
export const poisonKinds: readonly PoisonKind[] = [
  { reason: "bad-json", body: (serial) => envelope(serial).slice(0, -2) },
  { reason: "too-deep", body: (serial) => envelope(serial, { data: nest(64) }) },
  { reason: "bad-envelope", body: (serial) => envelope(serial, { specversion: "0.3" }) },
  {
    reason: "invalid-data",
    body: (serial) => envelope(serial, { data: { ...data(serial), cents: "11.77" } }),
  },
  { reason: "too-many-keys", body: (serial) => envelope(serial, { data: wide(3_000) }) },
  { reason: "forbidden-key", body: (serial) => envelope(serial).replace('"cents":', '"__proto__":') },
  {
    reason: "unknown-type",
    body: (serial) => envelope(serial, { type: "order.unheard", dataschema: "urn:omnibus:order.unheard:1" }),
  },
  {
    reason: "unknown-version",
    body: (serial) => envelope(serial, { dataschema: "urn:omnibus:order.created:99" }),
  },
];

/** The `serial`-th poison message of a run: kinds take turns. Its attributes are proper, so every filter lets it in. */
export function poisonMessage(serial: number): WireMessage & { readonly reason: RejectionCode } {
  const kind = kindOf(serial);
  return {
    topic: orderCreated.topic,
    id: `poison-${serial}`,
    source: "//poison",
    type: orderCreated.type,
    body: kind.body(serial),
    attributes: { type: orderCreated.type },
    reason: kind.reason,
  };
}

/** How often each reason must stand among the dead letters of one consumer after `count` poison messages. */
export function expectedReasons(count: number): Record<string, number> {
  const reasons: Record<string, number> = {};
  for (let serial = 0; serial < count; serial++) {
    const { reason } = kindOf(serial);
    reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  return reasons;
}

function kindOf(serial: number): PoisonKind {
  const kind = poisonKinds[serial % poisonKinds.length];
  if (!kind) throw new Error(`there is no poison number ${serial}`);
  return kind;
}

function envelope(serial: number, change: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    specversion: "1.0",
    id: `poison-${serial}`,
    source: "//poison",
    type: orderCreated.type,
    time: "2026-01-01T00:00:00.000Z",
    datacontenttype: "application/json",
    dataschema: orderCreated.dataschema,
    correlationid: `poison-${serial}`,
    data: data(serial),
    ...change,
  });
}

function data(serial: number): Record<string, unknown> {
  return { orderId: `poison-${serial}`, customer: "00000", date: "1997-01-01", cds: 1, cents: 1177 };
}

function nest(levels: number): unknown {
  let value: unknown = "deep";
  for (let level = 0; level < levels; level++) value = { level: value };
  return value;
}

function wide(keys: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: keys }, (_, index) => [`key${index}`, index]));
}

import { orderEvent } from "./scenario-events.ts";

/** A message that must end as a dead letter, in whatever language its consumer is written. */
export interface BadInput {
  readonly name: string;
  readonly body: string;
  /** A message that comes before it, in a batch of its own. */
  readonly before?: string;
  readonly reason: string;
  /** How the reason's text begins: the field. */
  readonly field: RegExp;
  /** Good events in the same message. */
  readonly mates?: readonly string[];
}

/** Every kind of bad input, with events of its own. */
export function badInput(): readonly BadInput[] {
  const { envelope } = orderEvent();
  const but = (over: Readonly<Record<string, unknown>>) =>
    JSON.stringify({ ...orderEvent().envelope, ...over });
  const withData = (over: Readonly<Record<string, unknown>>) => but({ data: { ...envelope.data, ...over } });
  const [packed, reused] = [orderEvent(), orderEvent()];
  return [
    { name: "a wrong type", body: but({ type: 7 }), reason: "bad-envelope", field: /^type / },
    {
      name: "an unknown type",
      body: but({ type: "order.lost", dataschema: "urn:omnibus:order.lost:1" }),
      reason: "unknown-type",
      field: /^type: /,
    },
    {
      name: "an unknown version",
      body: but({ dataschema: "urn:omnibus:order.created:9" }),
      reason: "unknown-version",
      field: /^dataschema: /,
    },
    { name: "a missing id", body: but({ id: undefined }), reason: "bad-envelope", field: /^id is missing/ },
    {
      name: "a missing field",
      body: but({ data: { orderId: "o" } }),
      reason: "invalid-data",
      field: /^data\.cents: /,
    },
    {
      name: "a body of 300 KB",
      body: withData({ note: "x".repeat(307_200) }),
      reason: "invalid-data",
      field: /^data\.note: /,
    },
    {
      name: "33 levels",
      body: but({ data: JSON.parse("[".repeat(32) + "]".repeat(32)) }),
      reason: "too-deep",
      field: /^data\[0\]/,
    },
    {
      name: "a list with one bad event",
      body: JSON.stringify([packed.envelope, { ...envelope, source: "" }]),
      reason: "bad-envelope",
      field: /^\[1\]\.source: /,
      mates: [packed.id],
    },
    {
      name: "Latin-1 bytes that were taken for UTF-8",
      body: Buffer.from(withData({ note: "naïve" }), "latin1").toString("utf8"),
      reason: "bad-encoding",
      field: /^data\.note: holds U\+FFFD/,
    },
    {
      name: "half of a surrogate pair",
      body: withData({ orderId: "\ud800" }),
      reason: "bad-encoding",
      field: /^data\.orderId: /,
    },
    {
      name: "an id that came before with other data",
      before: reused.body,
      body: JSON.stringify({ ...reused.envelope, data: { ...reused.envelope.data, cents: 9 } }),
      reason: "id-reused",
      field: /\bid\b/,
    },
  ];
}

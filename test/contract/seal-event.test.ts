import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { type } from "arktype";
import fc from "fast-check";
import * as v from "valibot";
import { z } from "zod";
import {
  type Contract,
  decodeMessage,
  defineEvent,
  type EventStamp,
  openEnvelope,
  sealEvent,
  type WireMessage,
} from "../../src/contract/index.ts";
import { InvalidEventError } from "../../src/errors.ts";

const eventSchema = JSON.parse(
  readFileSync(new URL("../../schema/event.schema.json", import.meta.url), "utf8"),
);
const isEvent = new Ajv2020({ validateFormats: false, strictTypes: false }).compile(eventSchema);

const stamp: EventStamp = { source: "urn:shop:orders", id: "e-1", timeMs: Date.UTC(2026, 0, 31, 12) };
const orderCreated = defineEvent("order.created", {
  version: 1,
  topic: "orders",
  schema: z.object({ orderId: z.string(), total: z.number(), rush: z.boolean().optional() }),
  filterable: ["total", "rush"],
});
const anyData = defineEvent("thing.happened", { version: 1, topic: "things", schema: z.unknown() });

/** Seals with a contract that validates at once. */
function seal<C extends Contract>(
  contract: C,
  data: Parameters<typeof sealEvent<C>>[1],
  more: Partial<EventStamp> = {},
): WireMessage {
  const message = sealEvent(contract, data, { ...stamp, ...more });
  if (message instanceof Promise) throw new Error("the contract validates asynchronously");
  return message;
}

/** The code and message with which an event is refused. */
function refusal(act: () => unknown): string {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof InvalidEventError) return `${thrown.code}: ${thrown.message}`;
    throw thrown;
  }
  throw new Error("the event was taken");
}

describe("sealEvent", () => {
  it("writes the envelope in a stable order, and the attributes that filters need", () => {
    const message = seal(orderCreated, { orderId: "o-1", total: 1234, rush: true });

    expect(message).toEqual({
      topic: "orders",
      id: "e-1",
      source: "urn:shop:orders",
      type: "order.created",
      body: '{"specversion":"1.0","id":"e-1","source":"urn:shop:orders","type":"order.created","time":"2026-01-31T12:00:00.000Z","datacontenttype":"application/json","dataschema":"urn:omnibus:order.created:1","correlationid":"e-1","data":{"orderId":"o-1","total":1234,"rush":true}}',
      attributes: { type: "order.created", total: 1234, rush: "true" },
    });
    expect(seal(orderCreated, { orderId: "o-1", total: 1234, rush: true })).toEqual(message);
  });

  it("writes all that a stamp may hold, and what it writes satisfies schema/event.schema.json", () => {
    const full = {
      subject: "o-1",
      correlationid: "c-1",
      causationid: "e-0",
      partitionkey: "customer 7",
      traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      hop: 3,
    };

    const envelope = JSON.parse(seal(orderCreated, { orderId: "o-1", total: 1 }, full).body);

    expect(envelope).toMatchObject(full);
    expect(isEvent(envelope)).toBe(true);
    expect(isEvent({ ...envelope, hop: "3" })).toBe(false);
    expect(isEvent({ ...envelope, specversion: "0.3" })).toBe(false);
    expect(isEvent({ ...envelope, dataschema: undefined })).toBe(false);
  });

  it("names contract and field when the data is invalid, with each validator", () => {
    const contracts = [
      defineEvent("a.zod", { version: 1, topic: "t", schema: z.object({ at: z.object({ n: z.number() }) }) }),
      defineEvent("a.valibot", {
        version: 1,
        topic: "t",
        schema: v.object({ at: v.object({ n: v.number() }) }),
      }),
      defineEvent("a.arktype", { version: 1, topic: "t", schema: type({ at: { n: "number" } }) }),
    ] as const;

    for (const contract of contracts) {
      const wrong = { at: { n: "x" } } as unknown as { at: { n: number } };
      const message = refusal(() => sealEvent(contract as Contract, wrong, stamp));
      expect(message).toMatch(new RegExp(`^invalid-data: ${contract.type}:1: data\\.at\\.n: `));
    }
  });

  it("sends the schema's input, which consumers validate again, and filters on its output", () => {
    const contracts = [
      defineEvent("order.created", {
        version: 1,
        topic: "orders",
        schema: z.object({ total: z.string().transform(Number), note: z.string().default("none") }),
        filterable: ["total", "note"],
      }),
      defineEvent("order.created", {
        version: 1,
        topic: "orders",
        schema: v.object({
          total: v.pipe(v.string(), v.transform(Number)),
          note: v.optional(v.string(), "none"),
        }),
        filterable: ["total", "note"],
      }),
      defineEvent("order.created", {
        version: 1,
        topic: "orders",
        schema: type({ total: "string.numeric.parse", note: "string = 'none'" }),
        filterable: ["total", "note"],
      }),
    ] as const;

    for (const contract of contracts) {
      const message = seal(contract as Contract, { total: "12.5" });
      expect(JSON.parse(message.body).data).toEqual({ total: "12.5" });
      expect(message.attributes).toEqual({ type: "order.created", total: 12.5, note: "none" });

      const [decoded] = decodeMessage(message.body);
      if (!decoded?.ok) throw new Error("not decoded");
      expect(openEnvelope(decoded.envelope, [contract])).toMatchObject({
        ok: true,
        event: { data: { total: 12.5, note: "none" } },
      });
    }
  });

  it("puts a date on the wire as its text, and validates it as that", () => {
    const coerced = defineEvent("a.b", { version: 1, topic: "t", schema: z.object({ at: z.coerce.date() }) });
    const strict = defineEvent("a.b", { version: 1, topic: "t", schema: z.object({ at: z.date() }) });

    expect(JSON.parse(seal(coerced, { at: new Date(0) }).body).data).toEqual({
      at: "1970-01-01T00:00:00.000Z",
    });
    // Its consumers could never read it: the wire has no dates.
    expect(refusal(() => seal(strict, { at: new Date(0) }))).toMatch(/^invalid-data: a\.b:1: data\.at: /);
  });

  it("answers with a promise only when the schema validates asynchronously", async () => {
    const slow = defineEvent("order.created", {
      version: 1,
      topic: "orders",
      schema: z.object({ orderId: z.string().refine(async (text) => text !== "bad") }),
    });

    const message = sealEvent(slow, { orderId: "o-1" }, stamp);
    expect(message).toBeInstanceOf(Promise);
    expect((await message).attributes).toEqual({ type: "order.created" });
    await expect(sealEvent(slow, { orderId: "bad" }, stamp)).rejects.toThrow(
      /order\.created:1: data\.orderId/,
    );
  });

  it("is not changed by a validator that changes what it is given", () => {
    const standard = {
      version: 1 as const,
      vendor: "test",
      validate: (value: unknown) => {
        (value as { total: number }).total = 0;
        return { value: value as { total: number } };
      },
    };
    const contract = defineEvent("a.b", { version: 1, topic: "t", schema: { "~standard": standard } });
    const data = { total: 7 };

    expect(JSON.parse(seal(contract, data).body).data).toEqual({ total: 7 });
    expect(data).toEqual({ total: 7 });
  });

  it("says that a validator threw, at once or later", async () => {
    const fail = () => {
      throw new Error("no");
    };
    const atOnce = { "~standard": { version: 1 as const, vendor: "test", validate: fail } };
    // zod tries again asynchronously when a refinement throws.
    const later = z.object({ card: z.string().refine(fail) });

    expect(refusal(() => seal(defineEvent("a.b", { version: 1, topic: "t", schema: atOnce }), {}))).toMatch(
      /^invalid-data: a\.b:1: data: the validator threw: no/,
    );
    await expect(
      sealEvent(defineEvent("a.b", { version: 1, topic: "t", schema: later }), { card: "1" }, stamp),
    ).rejects.toThrow(/data: the validator threw: no/);
  });

  it("does not quote what a validator says of a sensitive field", () => {
    const schema = type({ card: "string.digits" });
    const open = defineEvent("a.b", { version: 1, topic: "t", schema });
    const secret = defineEvent("a.b", { version: 1, topic: "t", schema, sensitive: ["card"] });

    expect(refusal(() => seal(open, { card: "4111-1111" }))).toContain("4111-1111");
    const message = refusal(() => seal(secret, { card: "4111-1111" }));
    expect(message).toMatch(/data\.card: is not valid \(the field is sensitive/);
    expect(message).not.toContain("4111");
  });
});

describe("sealEvent, data that is not JSON", () => {
  const cycle: Record<string, unknown> = { a: 1 };
  cycle.self = { again: [cycle] };
  const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });
  const wide = (keys: number) =>
    Object.fromEntries(Array.from({ length: keys }, (_, index) => [`k${index}`, 1]));
  const twice = (levels: number): unknown => {
    let value: unknown = [1];
    for (let level = 0; level < levels; level++) value = [value, value];
    return value;
  };

  it.each([
    ["NaN", { a: [1, Number.NaN] }, /data\.a\[1\]: NaN is not JSON/],
    ["Infinity", { a: Number.NEGATIVE_INFINITY }, /data\.a: -Infinity/],
    ["a bigint", { a: 1n }, /data\.a: a bigint/],
    ["a function", { a: () => 1 }, /data\.a: a function/],
    ["a symbol", { a: Symbol("x") }, /data\.a: a symbol/],
    ["an invalid date", { at: new Date(Number.NaN) }, /data\.at: the date is invalid/],
    ["a map", { a: new Map([[1, 2]]) }, /data\.a: a Map is not JSON/],
    ["a set", { a: new Set() }, /data\.a: a Set/],
    ["a typed array", { a: new Uint8Array(2) }, /data\.a: a Uint8Array/],
    ["an error", { a: new Error("x") }, /data\.a: a Error/],
    ["undefined in a list", { a: [undefined] }, /data\.a\[0\]: undefined/],
    ["a hole", { a: Object.assign([1], { 2: 2 }) }, /data\.a\[1\]: undefined/],
    ["nothing", undefined, /data: undefined/],
    ["a cycle", cycle, /data\.self\.again\[0\]: the data holds itself/],
    ["half a surrogate pair", { a: "x\ud800" }, /data\.a: half of a surrogate pair/],
    ["half a surrogate pair in a key", { "\udc00": 1 }, /holds half of a surrogate pair/],
    ["__proto__", JSON.parse('{"a":{"__proto__":1}}'), /data\.a\.__proto__: the key "__proto__"/],
    ["constructor", { constructor: 1 }, /data\.constructor: the key/],
    ["32 levels", deep(32), /nested deeper than 31/],
    ["2,001 keys", wide(2_001), /more than 2000 keys/],
    ["lists that share lists", twice(29), /more values than a message holds/],
    [
      "a toJSON that throws",
      {
        toJSON: () => {
          throw new Error("boom");
        },
      },
      /data could not be read: boom/,
    ],
  ])("refuses %s", (_name, data, message) => {
    const text = refusal(() => seal(anyData, data));

    expect(text).toMatch(/^not-json: thing\.happened:1: /);
    expect(text).toMatch(message);
  });

  it("drops undefined fields, calls toJSON, and takes the same object twice", () => {
    const shared = { n: 1 };

    const { body } = seal(anyData, {
      a: undefined,
      b: { toJSON: (key: string) => `was ${key}` },
      c: [shared, shared],
    });

    expect(JSON.parse(body).data).toEqual({ b: "was b", c: [{ n: 1 }, { n: 1 }] });
  });

  it("escapes the two characters that SQS refuses and JSON does not", () => {
    const { body } = seal(anyData, { text: "a\uffffb\ufffe" });

    expect(body).toContain('"a\\uffffb\\ufffe"');
    expect(JSON.parse(body).data).toEqual({ text: "a\uffffb\ufffe" });
  });

  it("escapes U+FFFD, which raw tells of lost bytes, so that who means it can send it", () => {
    const { body } = seal(anyData, { text: "a\ufffdb" });

    expect(body).toContain('"a\\ufffdb"');
    expect(decodeMessage(body)).toEqual([
      { ok: true, envelope: expect.objectContaining({ data: { text: "a\ufffdb" } }) },
    ]);
  });

  it("seals any JSON data so that it decodes to the same, and satisfies the schema", () => {
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });
    const anyStamp = fc.record(
      {
        source: text,
        id: text,
        timeMs: fc.integer({ min: 0, max: 4e12 }),
        subject: text,
        correlationid: text,
        causationid: text,
        partitionkey: text,
        traceparent: text,
        hop: fc.nat({ max: 255 }),
      },
      { requiredKeys: ["source", "id", "timeMs"] },
    );

    let sealed = 0;
    fc.assert(
      fc.property(fc.jsonValue(), anyStamp, (data, random) => {
        const { timeMs, ...attributes } = random;
        let message: WireMessage;
        try {
          message = seal(anyData, data, random);
        } catch (thrown) {
          // Control characters in the stamp, `constructor` as a key: refused is as good as sealed, if it says so.
          expect(thrown).toBeInstanceOf(InvalidEventError);
          return;
        }
        sealed++;
        const [decoded] = decodeMessage(message.body);
        expect(decoded).toMatchObject({
          ok: true,
          envelope: { ...attributes, time: new Date(timeMs).toISOString() },
        });
        if (decoded?.ok) expect(decoded.envelope.data).toEqual(JSON.parse(JSON.stringify(data)));
        expect(isEvent(JSON.parse(message.body))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
    expect(sealed).toBeGreaterThan(100);
  });
});

describe("sealEvent, message attributes", () => {
  const tagged = defineEvent("a.b", {
    version: 1,
    topic: "t",
    schema: z.object({ tag: z.unknown().optional() }),
    filterable: ["tag"],
  });
  const attribute = (tag: unknown) => seal(tagged, { tag }).attributes.tag;

  it.each([
    ["text", "text"],
    ["two\nlines\t€ 😀", "two\nlines\t€ 😀"],
    [12.5, 12.5],
    [0, 0],
    [-1e-128, -1e-128],
    [true, "true"],
    [false, "false"],
    [null, undefined],
    [undefined, undefined],
  ])("carries %p as %p", (tag, value) => {
    expect(attribute(tag)).toBe(value);
  });

  it.each([
    ["", /is empty, which SNS refuses/],
    ["a\u0000", /control characters/],
    ["a\uffff", /control characters or no Unicode/],
    [["a"], /is an array; only strings, numbers and booleans/],
    [{}, /is an object/],
    [1e127, /is 1e\+127; SNS takes 0/],
    [1e-129, /is 1e-129; SNS takes 0/],
  ])("refuses %p", (tag, message) => {
    const text = refusal(() => attribute(tag));

    expect(text).toMatch(/^invalid-attribute: a\.b:1: data\.tag is filterable/);
    expect(text).toMatch(message);
  });

  it("does not take inherited fields for data", () => {
    const odd = defineEvent("a.b", {
      version: 1,
      topic: "t",
      schema: z.record(z.string(), z.string()),
      filterable: ["toString"],
    });

    expect(seal(odd, {}).attributes).toEqual({ type: "a.b" });
  });
});

describe("sealEvent, ordered topics", () => {
  const ordered = defineEvent("order.created", {
    version: 1,
    topic: "orders.fifo",
    schema: z.object({ orderId: z.string() }),
  });

  it("groups by the partition key and makes the deduplication id of the identity", () => {
    const message = seal(ordered, { orderId: "o-1" }, { partitionkey: "customer-7" });

    expect(message.groupId).toBe("customer-7");
    expect(message.deduplicationId).toBe(createHash("sha256").update("urn:shop:orders\ne-1\n").digest("hex"));
    expect(JSON.parse(message.body).partitionkey).toBe("customer-7");
  });

  it("leaves both out on other topics", () => {
    const message = seal(orderCreated, { orderId: "o-1", total: 1 }, { partitionkey: "customer-7" });

    expect(message).not.toHaveProperty("groupId");
    expect(message).not.toHaveProperty("deduplicationId");
  });

  it.each([undefined, "with space", "é", "x".repeat(129)])("refuses the partition key %j", (partitionkey) => {
    expect(
      refusal(() => seal(ordered, { orderId: "o-1" }, partitionkey === undefined ? {} : { partitionkey })),
    ).toMatch(/^partitionkey: order\.created:1: partitionkey /);
  });
});

describe("sealEvent, stamps", () => {
  it.each([
    ["id", ""],
    ["id", "a\nb"],
    ["id", "x".repeat(257)],
    ["source", ""],
    ["source", "a\nb"],
    ["source", "x".repeat(1_025)],
    ["subject", ""],
    ["subject", "\ud800"],
    ["correlationid", "\u0007"],
    ["causationid", ""],
    ["partitionkey", "\ufdd0"],
    ["traceparent", ""],
    ["timeMs", Number.NaN],
    ["timeMs", Number.POSITIVE_INFINITY],
    ["timeMs", Date.UTC(10_000, 0, 1)],
    ["hop", -1],
    ["hop", 1.5],
    ["hop", 256],
  ])("refuses %s %j", (field, value) => {
    const text = refusal(() => seal(orderCreated, { orderId: "o-1", total: 1 }, { [field]: value }));

    expect(text).toMatch(new RegExp(`^invalid-stamp: order\\.created:1: ${field} `));
  });

  it("takes the first and the last instant that RFC 3339 can write", () => {
    for (const time of ["0000-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"]) {
      const { body } = seal(orderCreated, { orderId: "o-1", total: 1 }, { timeMs: Date.parse(time) });
      expect(JSON.parse(body).time).toBe(time);
      expect(decodeMessage(body)[0]?.ok).toBe(true);
    }
  });
});

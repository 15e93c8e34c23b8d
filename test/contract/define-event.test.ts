import { describe, expect, it } from "@jest/globals";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import { contractKey, defineEvent, jsonSchemaOf, versionOf } from "../../src/contract/index.ts";
import { ContractError } from "../../src/errors.ts";

const schema = z.object({ orderId: z.string(), total: z.number() });
const base = { version: 1, topic: "orders", schema };

/** The code and message with which a definition is refused. */
function refusal(define: () => unknown): string {
  try {
    define();
  } catch (thrown) {
    if (thrown instanceof ContractError) return `${thrown.code}: ${thrown.message}`;
    throw thrown;
  }
  throw new Error("the definition was taken");
}

describe("defineEvent", () => {
  it("returns a frozen contract with what was declared", () => {
    const contract = defineEvent("order.created", {
      ...base,
      filterable: ["total"],
      sensitive: ["orderId"],
      tenant: "orderId",
    });

    expect(contract).toEqual({
      type: "order.created",
      version: 1,
      topic: "orders",
      schema,
      dataschema: "urn:omnibus:order.created:1",
      filterable: ["total"],
      sensitive: ["orderId"],
      tenant: "orderId",
      upcast: {},
    });
    expect(Object.isFrozen(contract)).toBe(true);
    expect(contractKey(contract)).toBe("order.created:1");
  });

  it.each(["order.created", "line-item.part2.shipped", `a.${"b".repeat(126)}`])(
    "takes the type %s",
    (name) => {
      expect(defineEvent(name, base).type).toBe(name);
    },
  );

  it.each([
    "order",
    "Order.created",
    "order..created",
    ".order",
    "order.",
    "order created",
    "order.1st",
    "",
    `a.${"b".repeat(127)}`,
  ])("refuses the type %j", (name) => {
    expect(refusal(() => defineEvent(name, base))).toMatch(/^contract-type: .*order\.created/);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e9])("refuses the version %d", (version) => {
    expect(refusal(() => defineEvent("order.created", { ...base, version }))).toMatch(
      /^contract-version: order\.created: /,
    );
  });

  it("takes an ordered topic", () => {
    expect(defineEvent("order.created", { ...base, topic: "orders.fifo" }).topic).toBe("orders.fifo");
  });

  it.each(["Orders", "orders.", "orders.fifo.fifo", "", "or_ders"])("refuses the topic %j", (topic) => {
    expect(refusal(() => defineEvent("order.created", { ...base, topic }))).toMatch(/^contract-topic: /);
  });

  it("refuses a schema that is no Standard Schema", () => {
    const notOne = { parse: () => 1 } as unknown as typeof schema;

    expect(refusal(() => defineEvent("order.created", { ...base, schema: notOne }))).toMatch(
      /^contract-schema: /,
    );
  });

  it("takes 8 filterable fields and refuses 9", () => {
    const names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"] as const;
    const wide = z.object(Object.fromEntries(names.map((name) => [name, z.string()])));
    const define = (count: number) =>
      defineEvent("order.created", { ...base, schema: wide, filterable: names.slice(0, count) });

    expect(define(8).filterable).toHaveLength(8);
    expect(refusal(() => define(9))).toMatch(/^contract-filterable: .*9 filterable fields; 8 are allowed/);
  });

  it.each(["type", "omnibus", "AWS.x", "amazon.x", ".x", "x.", "a..b", "a b", "é", ""])(
    "refuses the filterable field %j",
    (field) => {
      const open = z.record(z.string(), z.string());

      expect(
        refusal(() => defineEvent("order.created", { ...base, schema: open, filterable: [field] })),
      ).toMatch(/^contract-filterable: /);
    },
  );

  it("refuses a filterable field that is named twice", () => {
    expect(refusal(() => defineEvent("order.created", { ...base, filterable: ["total", "total"] }))).toMatch(
      /named twice/,
    );
  });

  const same = (data: unknown) => data;
  it.each([
    [1, {}],
    [2, { 1: same }],
    [4, { 2: same, 3: same }],
  ])("takes version %d with upcast %o", (version, upcast) => {
    expect(defineEvent("order.created", { ...base, version, upcast }).upcast).toEqual(upcast);
  });

  it.each([
    [1, { 1: same }],
    [3, { 1: same }],
    [3, { 3: same }],
    [4, { 1: same, 3: same }],
    [2, { 0: same, 1: same }],
    [2, { 1.5: same }],
    [2, { [-1]: same }],
  ])("refuses version %d with upcast %o", (version, upcast) => {
    expect(refusal(() => defineEvent("order.created", { ...base, version, upcast }))).toMatch(
      /^contract-upcast: /,
    );
  });

  it("refuses an upcast that is an async function", () => {
    const upcast = { 1: async (data: unknown) => data };

    expect(refusal(() => defineEvent("order.created", { ...base, version: 2, upcast }))).toMatch(
      /^contract-upcast: .*upcast 1 is an async function.*not awaited/,
    );
  });

  it("refuses an upcast that is no function", () => {
    const upcast = { 1: "v2" } as unknown as Record<number, (data: unknown) => unknown>;

    expect(refusal(() => defineEvent("order.created", { ...base, version: 2, upcast }))).toMatch(
      /upcast 1 is not a function/,
    );
  });
});

describe("versionOf", () => {
  it.each([
    ["urn:omnibus:order.created:1", 1],
    ["urn:omnibus:order.created:999999999", 999_999_999],
    ["urn:omnibus:order.created:0", undefined],
    ["urn:omnibus:order.created:01", undefined],
    ["urn:omnibus:order.created:1.0", undefined],
    ["urn:omnibus:order.created:", undefined],
    ["urn:omnibus:order.created:9999999999", undefined],
    ["https://example.com/order:1", undefined],
    ["", undefined],
  ])("reads %j as %p", (dataschema, version) => {
    expect(versionOf(dataschema)).toBe(version);
  });
});

describe("jsonSchemaOf", () => {
  it("gives the wire's form, before transformation, for zod and arktype", () => {
    const zod = defineEvent("order.created", {
      ...base,
      schema: z.object({ total: z.string().transform(Number) }),
    });
    const ark = defineEvent("order.created", { ...base, schema: type({ total: "string" }) });

    for (const contract of [zod, ark]) {
      expect(jsonSchemaOf(contract)).toMatchObject({
        type: "object",
        properties: { total: { type: "string" } },
        required: ["total"],
      });
    }
  });

  it("says that it cannot know for a validator without Standard JSON Schema", () => {
    const contract = defineEvent("order.created", { ...base, schema: v.object({ total: v.string() }) });

    expect(jsonSchemaOf(contract)).toBeUndefined();
  });

  it("says that it cannot know where the validator throws", () => {
    const contract = defineEvent("order.created", { ...base, schema: z.object({ at: z.date() }) });

    expect(jsonSchemaOf(contract)).toBeUndefined();
  });
});

import { describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as z from "zod";
import { sampleOf } from "../../../ops/scaffold/sample-data.ts";

const schemas = {
  "the usual": z.object({ orderId: z.string(), cents: z.int().nonnegative(), note: z.string().optional() }),
  bounds: z.object({
    a: z.int().min(7),
    b: z.number().lt(-3),
    c: z.int().multipleOf(5),
    d: z.number().max(0),
  }),
  text: z.object({ short: z.string().max(3), long: z.string().min(40) }),
  formats: z.object({ day: z.iso.date(), at: z.iso.datetime(), mail: z.email(), id: z.uuid(), at2: z.url() }),
  choices: z.object({
    kind: z.enum(["cash", "card"]),
    fixed: z.literal(7),
    either: z.union([z.null(), z.string()]),
  }),
  nested: z.object({
    lines: z.array(z.object({ sku: z.string() })).min(2),
    ok: z.boolean(),
    map: z.record(z.string(), z.int()),
  }),
};

describe("sampleOf", () => {
  it.each(Object.entries(schemas))("makes data that %s take", (_, schema) => {
    const sample = sampleOf(z.toJSONSchema(schema, { io: "input" }));

    expect(schema.safeParse(sample).error).toBeUndefined();
    expect(sample).not.toHaveProperty("note");
  });

  it("takes examples and defaults at their word", () => {
    const schema = {
      type: "object",
      required: ["a", "b"],
      properties: { a: { type: "string", examples: ["like this"] }, b: { type: "integer", default: 42 } },
    };

    expect(sampleOf(schema)).toEqual({ a: "like this", b: 42 });
    expect(new Ajv2020().validate(schema, sampleOf(schema))).toBe(true);
  });

  it("answers something for what it does not understand", () => {
    expect(sampleOf({ $ref: "#/$defs/elsewhere" }, "orderId")).toBe("orderId-1");
    expect(sampleOf(true, "orderId")).toBe("orderId");
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { z } from "zod";
import { checkJson } from "../../src/contract/check-json.ts";
import {
  canonicalJson,
  type Decoded,
  decodeMessage,
  defineEvent,
  openEnvelope,
} from "../../src/contract/index.ts";

const codes = new Set([
  "bad-encoding",
  "bad-json",
  "too-large",
  "too-deep",
  "too-many-keys",
  "forbidden-key",
  "bad-envelope",
]);
const isEvent = new Ajv2020({ validateFormats: false, strictTypes: false }).compile(
  JSON.parse(readFileSync(new URL("../../schema/event.schema.json", import.meta.url), "utf8")),
);
const contract = defineEvent("order.created", {
  version: 2,
  topic: "orders",
  schema: z.object({ orderId: z.string() }),
  upcast: { 1: (data) => data },
});
const valid = {
  specversion: "1.0",
  id: "e-1",
  source: "urn:shop",
  type: "order.created",
  time: "2026-01-31T12:00:00Z",
  datacontenttype: "application/json",
  dataschema: "urn:omnibus:order.created:1",
  correlationid: "e-1",
  partitionkey: "k",
  hop: 1,
  data: { orderId: "o-1", items: [{ sku: "a", n: 1 }] },
};

let inputs = 0;
let accepted = 0;

/** What must hold of any input whatever. */
function judge(body: string | Uint8Array): void {
  inputs++;
  const decoded = decodeMessage(body);
  if (decoded.length === 0) throw new Error("no Decoded");
  for (const one of decoded) judgeOne(one);
}

function judgeOne(decoded: Decoded): void {
  if (decoded.ok) {
    accepted++;
    if (!isEvent(decoded.envelope))
      throw new Error(`taken, against the schema: ${JSON.stringify(isEvent.errors)}`);
    if (Number.isNaN(Date.parse(decoded.envelope.time)))
      throw new Error(`a NaN date: ${decoded.envelope.time}`);
    canonicalJson(decoded.envelope);
    const opened = openEnvelope(decoded.envelope, [contract]);
    if (opened instanceof Promise) throw new Error("a promise");
    if (!opened.ok && opened.rejection.message === "") throw new Error("no reason");
    return;
  }
  const { code, field, message } = decoded.rejection;
  if (!codes.has(code)) throw new Error(`an unknown code: ${code}`);
  if (message === "" || message.length > 1_000 || field.length > 20_000)
    throw new Error("a reason of odd length");
  if (!(message + field).isWellFormed() || /\p{Cc}/u.test(message + field))
    throw new Error("a reason not fit to show");
}

function attack<T extends string | Uint8Array>(bodies: fc.Arbitrary<T>, numRuns: number): void {
  fc.assert(fc.property(bodies, judge), { numRuns });
}

/** Values that are most likely to be taken for something else. */
const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    "NaN",
    "2026-02-30T00:00:00Z",
    "urn:omnibus:__proto__:1",
    "\u0000",
    "\ufffe",
    "\ufffd",
    "1.0",
    "",
    -0,
    2 ** 53,
    [],
    {},
    null,
    true,
    "x".repeat(2_000),
    "é".repeat(300),
  ),
);
const key = fc.oneof(
  fc.constantFrom(
    ...Object.keys(valid),
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "Type",
    "Message",
  ),
  fc.constantFrom("data_base64", "Specversion", "tenant", "length", ""),
  fc.string({ unit: "binary", maxLength: 8 }),
);

describe("decodeMessage against hostile input", () => {
  it("survives arbitrary text", () => attack(fc.string({ unit: "binary", maxLength: 200 }), 2_000));

  it("survives random bytes", () => attack(fc.uint8Array({ maxLength: 200 }), 2_000));

  it("survives arbitrary JSON", () => attack(fc.json({ maxDepth: 6 }), 2_000));

  it("survives valid envelopes with changed, added and removed attributes", () => {
    const changes = fc.array(fc.tuple(key, fc.option(odd)), { minLength: 1, maxLength: 3 });

    attack(
      changes.map((list) => {
        const entries = new Map<string, unknown>(Object.entries(valid));
        for (const [name, value] of list) entries.set(name, value === null ? undefined : value);
        // Not an object on the way: it would swallow __proto__.
        const fields = [...entries].filter(([, value]) => value !== undefined);
        return `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`;
      }),
      2_500,
    );
  });

  it("survives the text of valid envelopes, batches and notifications with characters changed", () => {
    const text = JSON.stringify(valid);
    const bases = [text, `[${text},${text}]`, JSON.stringify({ Type: "Notification", Message: text })];
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      remove: fc.nat({ max: 3 }),
      insert: fc.constantFrom(
        "",
        '"',
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\\",
        "\\ud800",
        "1e999",
        "\u0000",
        "null",
        "é",
      ),
    });

    attack(
      fc
        .tuple(fc.constantFrom(...bases), fc.array(edit, { minLength: 1, maxLength: 3 }))
        .map(([base, edits]) =>
          edits.reduce((body, { at, remove, insert }) => {
            const start = Math.floor(at * body.length);
            return body.slice(0, start) + insert + body.slice(start + remove);
          }, base),
        ),
      2_500,
    );
  });

  it("survives the bytes of a valid envelope with bits turned over", () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ ...valid, subject: "é😀" }));

    attack(
      fc
        .array(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 7 })), {
          minLength: 1,
          maxLength: 4,
        })
        .map((flips) => {
          const copy = Uint8Array.from(bytes);
          for (const [at, bit] of flips) copy[at] = (copy[at] ?? 0) ^ (1 << bit);
          return copy;
        }),
      1_500,
    );
  });

  it("survives deep nestings and large key counts", () => {
    const shape = fc.record({
      open: fc.constantFrom("[", '{"a":', '[{"b":', '{"__proto__":'),
      depth: fc.integer({ min: 1, max: 20_000 }),
      closed: fc.boolean(),
      keys: fc.integer({ min: 0, max: 4_000 }),
    });

    attack(
      shape.map(({ open, depth, closed, keys }) => {
        const close = [...open]
          .reverse()
          .join("")
          .replace(/[^[{]/g, "")
          .replaceAll("[", "]")
          .replaceAll("{", "}");
        const wide = `{${Array.from({ length: keys }, (_, index) => `"k${index}":${index}`).join()}}`;
        const deep = open.repeat(depth) + wide + (closed ? close.repeat(depth) : "");
        return JSON.stringify(valid).replace(/"data":.*$/, `"data":${deep}}`);
      }),
      300,
    );
  });

  it("has seen 10,000 inputs at least, of which some were events", () => {
    expect(inputs).toBeGreaterThanOrEqual(10_000);
    expect(accepted).toBeGreaterThan(200);
  });
});

describe("decodeMessage, time", () => {
  const envelope = JSON.stringify(valid);
  const long = (unit: string, size: number) => unit.repeat(size / unit.length);
  const bodies: Record<string, (size: number) => string> = {
    "a body of backslashes": (size) => `"${long("\\\\", size)}`,
    "half surrogate escapes": (size) => `"${long("\\ud", size)}"`,
    "a long type": (size) => envelope.replace("order.created", long("a.", size)),
    "a long dataschema": (size) =>
      envelope.replace("urn:omnibus:order.created:1", long("urn:omnibus:", size)),
    "a long time": (size) => envelope.replace("00:00Z", long("00:00.0", size)),
    "a long content type": (size) =>
      envelope.replace("application/json", `application/json${long(" ;", size)}`),
    "a long extension": (size) => envelope.replace("{", `{"x":"${long("x", size)}",`),
    "a long name": (size) => envelope.replace("{", `{"${long("x", size)}":1,`),
  };

  /** The fastest of several tries: what else the machine does only adds. */
  function fastestMs(body: string): number {
    const tries = Array.from({ length: 7 }, () => {
      const startMs = performance.now();
      decodeMessage(body);
      return performance.now() - startMs;
    });
    return Math.min(...tries);
  }

  it.each(Object.entries(bodies))("grows with the length, not with its square, for %s", (_name, make) => {
    fastestMs(make(32_768));

    const ratio = fastestMs(make(983_040)) / Math.max(fastestMs(make(32_768)), 0.01);

    // 30 times the length: a square would be 900.
    expect(ratio).toBeLessThan(300);
  });
});

describe("checkJson", () => {
  /** Counts how often the walk looks into the value. */
  function steps(value: unknown): number {
    let count = 0;
    const counted = (inner: unknown): unknown => {
      if (typeof inner !== "object" || inner === null) return inner;
      return new Proxy(inner, {
        get: (target, name, receiver) => {
          count++;
          return counted(Reflect.get(target, name, receiver));
        },
        ownKeys: (target) => {
          const keys = Reflect.ownKeys(target);
          count += keys.length + 1;
          return keys;
        },
      });
    };
    checkJson(counted(value), "no Unicode");
    return count;
  }

  const list = (length: number) => Array.from({ length }, (_, index) => index);
  const shapes: Record<string, (size: number) => unknown> = {
    "a long list": list,
    "a list of lists": (size) => list(size).map(() => [1, [2]]),
    "many keys": (size) => Object.fromEntries(list(size).map((index) => [`k${index}`, index])),
    "deep branches": (size) => list(size).map(() => list(25).reduce<unknown>((inner) => [inner], 1)),
  };

  it.each(Object.entries(shapes))("takes steps in proportion to the size of %s", (_name, make) => {
    const [small, large] = [steps(make(200)), steps(make(1_600))];

    expect(small).toBeGreaterThan(200);
    expect(large / small).toBeGreaterThan(7);
    expect(large / small).toBeLessThan(9);
  });

  it("stops at the limits: what is beyond them costs nothing", () => {
    const beyond = (levels: number) => list(levels).reduce<unknown>((inner) => ({ a: inner }), list(10_000));

    expect(steps(beyond(100))).toBeLessThan(500);
  });
});

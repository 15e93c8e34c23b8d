import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { canonicalJson, dataHash } from "../../src/contract/index.ts";
import { InvalidEventError } from "../../src/errors.ts";

const vectors: { cases: { json: string; canonical: string; dataHash: string }[] } = JSON.parse(
  readFileSync(new URL("../vectors/data-hash.json", import.meta.url), "utf8"),
);

/** RFC 8785, appendix B: the bits of a double, and its text. */
const numbers: readonly (readonly [string, string])[] = [
  ["0000000000000000", "0"],
  ["8000000000000000", "0"],
  ["0000000000000001", "5e-324"],
  ["8000000000000001", "-5e-324"],
  ["7fefffffffffffff", "1.7976931348623157e+308"],
  ["ffefffffffffffff", "-1.7976931348623157e+308"],
  ["4340000000000000", "9007199254740992"],
  ["c340000000000000", "-9007199254740992"],
  ["4430000000000000", "295147905179352830000"],
  ["44b52d02c7e14af5", "9.999999999999997e+22"],
  ["44b52d02c7e14af6", "1e+23"],
  ["44b52d02c7e14af7", "1.0000000000000001e+23"],
  ["444b1ae4d6e2ef4e", "999999999999999700000"],
  ["444b1ae4d6e2ef4f", "999999999999999900000"],
  ["444b1ae4d6e2ef50", "1e+21"],
  ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
  ["3eb0c6f7a0b5ed8d", "0.000001"],
  ["41b3de4355555553", "333333333.3333332"],
  ["41b3de4355555554", "333333333.33333325"],
  ["41b3de4355555555", "333333333.3333333"],
  ["41b3de4355555556", "333333333.3333334"],
  ["41b3de4355555557", "333333333.33333343"],
  ["becbf647612f3696", "-0.0000033333333333333333"],
  ["43143ff3c1cb0959", "1424953923781206.2"],
];

describe("canonicalJson", () => {
  it.each(numbers)("writes the double %s of RFC 8785 as %s", (bits, text) => {
    expect(canonicalJson(Buffer.from(bits, "hex").readDoubleBE())).toBe(text);
  });

  it("writes the sample of RFC 8785, section 3.2.2", () => {
    const sample =
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}';

    expect(canonicalJson(JSON.parse(sample))).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it("sorts keys by UTF-16 code units, as RFC 8785, section 3.2.3, shows", () => {
    const sample = {
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis",
    };

    expect(Object.values(JSON.parse(canonicalJson(sample).replace(/"1"/, '"one"')))).toEqual([
      "Carriage Return",
      "One",
      "Control",
      "Latin Small Letter O With Diaeresis",
      "Euro Sign",
      "Emoji: Grinning Face",
      "Hebrew Letter Dalet With Dagesh",
    ]);
  });

  it("gives the same text whatever the order of keys, and loses nothing", () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (typeof value !== "object" || value === null) return value;
      const entries = Object.entries(value).reverse();
      return Object.fromEntries(entries.map(([key, field]) => [key, shuffled(field)]));
    };

    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(shuffled(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 500 },
    );
  });

  it("leaves out undefined fields", () => {
    expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
  });

  it.each([
    ["NaN", { a: [Number.NaN] }, /a\[0\]: NaN/],
    ["Infinity", { a: Number.POSITIVE_INFINITY }, /a: Infinity/],
    ["a bigint", { a: 1n }, /a: a bigint/],
    ["a date", { at: new Date(0) }, /at: a Date/],
    ["a map", new Map(), /the value: a Map/],
    ["undefined", undefined, /undefined/],
    ["a lone surrogate", { a: "\ud800" }, /a: half of a surrogate pair/],
  ])("refuses %s, which JSON cannot carry", (_name, value, message) => {
    expect(() => canonicalJson(value)).toThrow(InvalidEventError);
    expect(() => canonicalJson(value)).toThrow(message);
  });

  it("refuses a cycle rather than overflow the stack", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;

    expect(() => canonicalJson(cycle)).toThrow(/nesting deeper than 500/);
  });
});

describe("dataHash", () => {
  it.each(vectors.cases)("agrees with the shared vector for $json", ({ json, canonical, dataHash: hash }) => {
    const data: unknown = JSON.parse(json);

    expect(canonicalJson(data)).toBe(canonical);
    expect(dataHash(data)).toBe(hash);
  });
});

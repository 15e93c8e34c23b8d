import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type FilterAttributes, matchesFilter } from "../../src/filter/index.ts";

const text = (StringValue: string) => ({ DataType: "String", StringValue });
const number = (StringValue: string) => ({ DataType: "Number", StringValue });
const array = (StringValue: string) => ({ DataType: "String.Array", StringValue });

const message: FilterAttributes = {
  store: text("example_corp"),
  event: text("order_placed"),
  price: number("210.75"),
  interests: array('["soccer", "rugby", null, true, 7]'),
  address: text("10.0.0.117"),
  raw: { DataType: "Binary" },
};

describe("matchesFilter", () => {
  // Examples of SNS's own pages, and their edges.
  it.each<[object, boolean]>([
    [{}, true],
    [{ store: ["example_corp"] }, true],
    [{ store: ["other", "example_corp"] }, true],
    [{ store: ["other"] }, false],
    [{ store: ["example_corp"], event: ["order_cancelled"] }, false],
    [{ store: ["example_corp"], event: [{ "anything-but": "order_cancelled" }] }, true],
    [{ event: [{ "anything-but": ["order_placed", "x"] }] }, false],
    [{ event: [{ "anything-but": { prefix: "order_" } }] }, false],
    [{ event: [{ "anything-but": { suffix: "_cancelled" } }] }, true],
    [{ event: [{ prefix: "order" }] }, true],
    [{ event: [{ suffix: "placed" }] }, true],
    [{ event: [{ "equals-ignore-case": "ORDER_Placed" }] }, true],
    [{ event: [{ wildcard: "o*_p*d" }] }, true],
    [{ event: [{ wildcard: "*placed*" }] }, true],
    [{ event: [{ wildcard: "order_placed*order_placed" }] }, false],
    [{ price: [{ numeric: [">", 0, "<=", 210.75] }] }, true],
    [{ price: [{ numeric: [">", 210.75] }] }, false],
    [{ price: [{ numeric: ["=", 2.1075e2] }] }, true],
    [{ price: [210.75] }, true],
    // Text is no number, and a number no text.
    [{ price: ["210.75"] }, false],
    [{ store: [{ numeric: ["=", 1] }] }, false],
    [{ price: [{ prefix: "2" }] }, false],
    [{ price: [{ "anything-but": [100, 500] }] }, true],
    [{ price: [{ "anything-but": [210.75] }] }, false],
    [{ interests: ["rugby"] }, true],
    [{ interests: ["tennis"] }, false],
    [{ interests: [null] }, true],
    [{ interests: [true] }, true],
    [{ interests: [{ numeric: ["=", 7] }] }, true],
    // One of the values is enough, also for what must not be.
    [{ interests: [{ "anything-but": ["soccer"] }] }, true],
    [{ address: [{ cidr: "10.0.0.0/24" }] }, true],
    [{ address: [{ cidr: "10.0.1.0/24" }] }, false],
    [{ store: [{ exists: true }] }, true],
    [{ colour: [{ exists: false }] }, true],
    [{ store: [{ exists: false }] }, false],
    [{ raw: [{ exists: true }] }, true],
    [{ raw: [{ "anything-but": "x" }] }, false],
    [{ $or: [{ store: ["other"] }, { price: [{ numeric: [">", 200] }] }] }, true],
    [{ $or: [{ store: ["other"] }, { price: [{ numeric: ["<", 200] }] }] }, false],
    [{ event: ["order_placed"], $or: [{ store: ["other"] }, { store: ["example_corp"] }] }, true],
    [{ event: ["x"], $or: [{ store: ["example_corp"] }] }, false],
    // Nothing that SNS would not take lets anything through.
    [{ store: [] }, false],
    [{ store: [{ unheard: "of" }] }, false],
    [{ store: [{}] }, false],
    [{ price: [{ numeric: [] }] }, false],
    [{ price: [{ numeric: [">"] }] }, false],
    [{ address: [{ cidr: "10.0.0.0/99" }] }, false],
    [{ toString: ["x"] }, false],
  ])("takes %j: %s", (policy, expected) => {
    expect(matchesFilter(policy, message)).toBe(expected);
  });

  it("delivers no message without attributes to a policy that asks for the lack of one", () => {
    expect(matchesFilter({ store: [{ exists: false }] }, {})).toBe(false);
  });

  it("finds nothing in an array that cannot be read, and no number in a text that is none", () => {
    expect(matchesFilter({ a: [{ "anything-but": "x" }] }, { a: array("[oops") })).toBe(false);
    expect(matchesFilter({ a: [{ numeric: ["=", 0] }] }, { a: number(" ") })).toBe(false);
  });

  it("answers every policy and message, whatever is in them", () => {
    const attributes = fc.dictionary(
      fc.string(),
      fc.record({
        DataType: fc.constantFrom("String", "Number", "String.Array", "Binary"),
        StringValue: fc.string(),
      }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.array(fc.jsonValue())), attributes, (policy, given) => {
        expect(typeof matchesFilter(policy, given)).toBe("boolean");
      }),
    );
  });

  it("agrees with a wildcard's meaning as a regular expression", () => {
    const letters = fc.array(fc.constantFrom("a", "b", "*"), { maxLength: 8 }).map((all) => all.join(""));
    const value = fc.array(fc.constantFrom("a", "b"), { maxLength: 8 }).map((all) => all.join(""));
    fc.assert(
      fc.property(letters, value, (pattern, given) => {
        const expected = new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(given);
        expect(matchesFilter({ a: [{ wildcard: pattern }] }, { a: text(given) })).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });
});

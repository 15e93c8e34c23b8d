import { describe, expect, it } from "@jest/globals";
import { compileFilters } from "../../local/mapping/event-filter.ts";

const record = {
  eventName: "MODIFY",
  dynamodb: {
    Keys: { pk: { S: "order#1" } },
    NewImage: { state: { S: "done" }, total: { N: "12" }, count: 12, tags: { L: ["a", "b"] }, gone: null },
    OldImage: { state: { S: "claimed" } },
  },
};
const takes = (...patterns: object[]) =>
  compileFilters(patterns.map((pattern) => JSON.stringify(pattern)))(record);
const image = (rules: object) => ({ dynamodb: { NewImage: rules } });

describe("compileFilters", () => {
  it.each([
    ["one of several values", { eventName: ["INSERT", "MODIFY"] }],
    ["a value deep inside", image({ state: { S: ["done"] } })],
    ["all of several fields", { eventName: ["MODIFY"], ...image({ state: { S: ["done"] } }) }],
    ["a prefix", { dynamodb: { Keys: { pk: { S: [{ prefix: "order#" }] } } } }],
    ["anything but a value", image({ state: { S: [{ "anything-but": ["claimed"] }] } })],
    ["a range of numbers", image({ count: [{ numeric: [">", 10, "<=", 12] }] })],
    ["null", image({ gone: [null] })],
    ["what exists", image({ state: { S: [{ exists: true }] } })],
    ["what does not exist", image({ other: [{ exists: false }] })],
    ["what does not exist, below what does not exist", image({ other: { S: [{ exists: false }] } })],
    ["a value within a list", image({ tags: { L: ["b"] } })],
    ["either of two groups", { $or: [{ eventName: ["REMOVE"] }, image({ state: { S: ["done"] } })] }],
    ["case aside", image({ state: { S: [{ "equals-ignore-case": "DONE" }] } })],
  ])("takes %s", (_, pattern) => {
    expect(takes(pattern)).toBe(true);
  });

  it.each([
    ["another value", { eventName: ["INSERT"] }],
    ["one field of two", { eventName: ["MODIFY"], ...image({ state: { S: ["claimed"] } }) }],
    ["a field that is not there", image({ other: { S: ["x"] } })],
    ["anything but, where there is nothing", image({ other: [{ "anything-but": "x" }] })],
    ["a number that is text, as DynamoDB writes them", image({ total: { N: [{ numeric: ["=", 12] }] } })],
    ["a field of another's name", { constructor: [{ exists: true }] }],
    ["what exists, as what does not", image({ state: { S: [{ exists: false }] } })],
    ["a rule that is not known", image({ state: { S: [{ sounds: "like" }] } })],
    ["neither of two groups", { $or: [{ eventName: ["REMOVE"] }, { eventName: ["INSERT"] }] }],
  ])("does not take %s", (_, pattern) => {
    expect(takes(pattern)).toBe(false);
  });

  it("takes what one of its patterns takes, and all without any", () => {
    expect(takes({ eventName: ["INSERT"] }, { eventName: ["MODIFY"] })).toBe(true);
    expect(compileFilters([])("anything")).toBe(true);
    expect(compileFilters(['{"a":[1]}'])("no record")).toBe(false);
  });

  it.each([
    ["{", /is not JSON/],
    ["[]", /has \[\] at its top/],
    ["{}", /has no field at its top/],
    ['{"a":"b"}', /has "b" at a: a list of rules is allowed/],
    ['{"a":{"b":[]}}', /has an empty list at a\.b/],
    ['{"$or":[{"a":1}]}', /has 1 at \$or\.a/],
  ])("refuses the pattern %s", (pattern, message) => {
    expect(() => compileFilters([pattern])).toThrow(message);
  });

  it("refuses more than ten", () => {
    expect(() => compileFilters(Array.from({ length: 11 }, () => '{"a":[1]}'))).toThrow(/11 filters: 10/);
  });
});

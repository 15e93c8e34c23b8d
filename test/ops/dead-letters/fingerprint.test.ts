import { describe, expect, it } from "@jest/globals";
import { fingerprintOf, normalizeMessage } from "../../../ops/dead-letters/index.ts";

describe("normalizeMessage", () => {
  it.each([
    ["order o-17 not found", "order <id> not found"],
    ["order 'o-17' not found", "order <value> not found"],
    ['can\'t read "a \\"b\\" c" now', "can't read <value> now"],
    ["timeout after 3000 ms", "timeout after <n> ms"],
    ["timeout after 1.5s, -3 left", "timeout after <n>, <n> left"],
    ["no 0198c1de-9f10-7c0a-8a51-1f2e3d4c5b6a here", "no <uuid> here"],
    ["due 2026-11-23T05:13:58.120Z, not 2026-11-24", "due <time>, not <time>"],
    ["ord_8f3a2b and 0x1F", "<id> and <id>"],
    ["data.items[3].price: must be > 0", "data.items[<n>].price: must be > <n>"],
    ["\u001b[31mcard refused\u001b[0m\u0007", "card refused"],
    ["two\n  lines", "two lines"],
    ["", ""],
  ])("makes %j into %j", (message, pattern) => {
    expect(normalizeMessage(message)).toBe(pattern);
  });

  it("takes no longer for what would like to be slow", () => {
    expect(normalizeMessage(`${"'".repeat(50_000)}${"a-".repeat(50_000)}`).length).toBeLessThan(2_000);
  });
});

describe("fingerprintOf", () => {
  const died = (message: string, more: object = {}) =>
    fingerprintOf({ type: "order.created", reason: "permanent", error: { name: "Error", message }, ...more });

  it("gives one group to what differs in ids and numbers alone", () => {
    expect(died("order 17 of u-1")).toEqual(died("order 18 of u-2"));
    expect(died("order 17 of u-1").group).toMatch(/^[\da-f]{8}$/);
  });

  it("tells two functions apart that fail with the same words, and not two versions of one", () => {
    const thrown = (at: string) => died("", { error: { name: "TypeError", message: "no id", at } }).group;

    expect(thrown("charge (index.mjs:1:2)")).not.toBe(thrown("refund (index.mjs:1:2)"));
    expect(thrown("charge (index.mjs:1:2)")).toBe(thrown("charge (index.mjs:40:7)"));
    expect(thrown("a.mjs:1:2")).toBe(thrown("a.mjs:40:7"));
    expect(thrown("a.mjs:1:2")).not.toBe(thrown("b.mjs:1:2"));
  });

  it("gives other groups to another message, type, reason or error", () => {
    const groups = [
      died("order 17"),
      died("customer 17"),
      died("order 17", { type: "order.paid" }),
      died("order 17", { reason: "attempts-exhausted" }),
      died("", { error: { name: "TypeError", message: "order 17" } }),
      died("", { error: undefined }),
    ].map(({ group }) => group);

    expect(new Set(groups).size).toBe(groups.length);
  });
});

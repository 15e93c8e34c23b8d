import { describe, expect, it } from "@jest/globals";
import { maxKeyLength } from "../../src/reconcile/entry-fault.ts";
import type { Difference, Entry } from "../../src/reconcile/index.ts";
import { told } from "../../src/reconcile/told.ts";

/** DynamoDB's largest item is 400 KB, its largest transaction 4 MB: of 16 differences. */
const mostBytes = 240_000;

const differenceOf = (entry: Entry, times = 1): Difference => ({
  key: entry.key,
  class: "mismatch",
  timeMs: entry.timeMs,
  fields: Object.entries(entry.fields).map(([field, left]) => ({ field, left, right: undefined })),
  left: Array.from({ length: times }, () => entry),
  right: Array.from({ length: times }, () => entry),
});
const bytesOf = (difference: Difference) => Buffer.byteLength(JSON.stringify(difference));

describe("told", () => {
  it("leaves what is small as it is", () => {
    const small = differenceOf(
      { key: "transfer-7", timeMs: 5, fields: { cents: 1, note: "n".repeat(5_000) } },
      9,
    );

    expect(told(small)).toEqual(small);
  });

  it("tells 50 entries of a key that is there over and over", () => {
    const { left, right } = told(differenceOf({ key: "again", timeMs: 5, fields: {} }, 5_000));

    expect([left.length, right.length]).toEqual([50, 50]);
  });

  it.each<[string, Entry, number]>([
    [
      "a text of a megabyte",
      { key: "a", timeMs: 5, fields: { cents: 7, body: "\u20ac".repeat(1_000_000) } },
      1,
    ],
    ["many texts", { key: "a", timeMs: 5, fields: { cents: 7, body: "b".repeat(20_000) } }, 50],
    [
      "ten thousand fields",
      {
        key: "a",
        timeMs: 5,
        fields: Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`field ${index}`, index])),
      },
      3,
    ],
    ["a field with a long name", { key: "a", timeMs: 5, fields: { ["n".repeat(500_000)]: 1 } }, 1],
    [
      "the longest key, of characters that JSON writes out",
      {
        key: "\u0001".repeat(maxKeyLength),
        timeMs: 5,
        fields: Object.fromEntries(
          Array.from({ length: 30 }, (_, index) => [
            `${index}${"\u0001".repeat(200)}`,
            "\u0001".repeat(10_000),
          ]),
        ),
      },
      50,
    ],
  ])("makes %s fit where it is kept, with the whole key and something of each side", (_, entry, times) => {
    const difference = told(differenceOf(entry, times));

    expect(bytesOf(difference)).toBeLessThanOrEqual(mostBytes);
    expect(difference.key).toBe(entry.key);
    expect(difference.left[0]?.key).toBe(entry.key);
    expect(difference.right.length).toBeGreaterThan(0);
    expect(JSON.stringify(difference)).toBe(JSON.stringify(told(difference)));
  });

  it("cuts no character in two", () => {
    const { left } = told(
      differenceOf({ key: "a", timeMs: 5, fields: { body: "\u{1F4B6}".repeat(100_001).slice(1) } }),
    );

    expect(String(left[0]?.fields.body).isWellFormed()).toBe(true);
  });
});

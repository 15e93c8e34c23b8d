import { describe, expect, it } from "@jest/globals";
import { entryFault, maxKeyLength } from "../../src/reconcile/entry-fault.ts";
import { type Entry, entryHash } from "../../src/reconcile/index.ts";
import { hourMs, startMs } from "./books.ts";

const good: Entry = { key: "transfer-7", timeMs: startMs, fields: { cents: 5 } };
const lone = "\ud83d";

describe("entryFault", () => {
  it.each<[string, Partial<Entry>]>([
    ["a key with line ends, quotes and no end", { key: `a\nb\r\n"c"\u0000${"k".repeat(maxKeyLength - 10)}` }],
    ["an empty key", { key: "" }],
    ["the first and the last moment", { timeMs: 0 }],
    ["the last moment", { timeMs: 8.64e15 }],
    [
      "any JSON value that is none of parts",
      { fields: { a: "x", b: -0, c: 1e21, d: false, e: null, "": "\u{1F4B6}" } },
    ],
    ["a field that is not there", { fields: { a: undefined } as never }],
  ])("finds nothing wrong with %s", (_, more) => {
    expect(entryFault({ ...good, ...more })).toBeUndefined();
    expect(entryHash({ ...good, ...more }, hourMs)).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each<[string, unknown, string, RegExp]>([
    ["nothing", undefined, "source-entry", /undefined is no entry/],
    ["a text", "transfer-7", "source-entry", /"transfer-7" is no entry/],
    ["a key that is a number", { ...good, key: 7 }, "source-entry", /is no entry: it needs key/],
    ["no fields", { key: "a", timeMs: 1 }, "source-entry", /is no entry/],
    ["a key with half of a pair", { ...good, key: `a${lone}` }, "source-entry", /half of a surrogate pair/],
    [
      "a key that is too long",
      { ...good, key: "k".repeat(maxKeyLength + 1) },
      "source-entry",
      /8193 characters; 8192/,
    ],
    ["no time", { ...good, timeMs: Number.NaN }, "source-time", /the time NaN/],
    ["half of a millisecond", { ...good, timeMs: 1.5 }, "source-time", /the time 1.5/],
    ["a time before the epoch", { ...good, timeMs: -1 }, "source-time", /the time -1/],
    ["a time after the last date", { ...good, timeMs: 8.64e15 + 1 }, "source-time", /up to the year 275760/],
    ["a text for a time", { ...good, timeMs: "2026" }, "source-time", /the time 2026/],
    ["a number that is none", { ...good, fields: { cents: Number.NaN } }, "source-entry", /"cents" NaN/],
    ["an infinite number", { ...good, fields: { cents: -1 / 0 } }, "source-entry", /"cents" -Infinity/],
    ["a value of parts", { ...good, fields: { to: { iban: 1 } } }, "source-entry", /"to" \{"iban":1\}/],
    ["a date", { ...good, fields: { at: new Date(0) } }, "source-entry", /"at" "1970/],
    ["a big integer", { ...good, fields: { cents: 5n } }, "source-entry", /"cents" 5; a string/],
    ["half of a pair in a field", { ...good, fields: { note: lone } }, "source-entry", /"note"/],
  ])("names %s", (_, entry, code, message) => {
    expect(entryFault(entry as Entry)).toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe("entryHash", () => {
  it("tells keys, spans and fields apart, wherever one ends and the next begins", () => {
    const hashes = [
      { key: "a\n1", timeMs: 2, fields: {} },
      { key: "a", timeMs: 1, fields: {} },
      { key: "a\n1\n2", timeMs: 0, fields: {} },
      { key: "a", timeMs: 1, fields: { b: 1 } },
      { key: "a", timeMs: 1, fields: { b: "1" } },
      { key: "a", timeMs: 1, fields: { b: null } },
    ].map((entry) => entryHash(entry, 1));

    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it("refuses a key that has no text of its own in UTF-8", () => {
    expect(() => entryHash({ ...good, key: lone }, hourMs)).toThrow(/half of a surrogate pair/);
  });
});

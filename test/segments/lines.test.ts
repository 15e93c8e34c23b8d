import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { coverage } from "../../src/segments/coverage.ts";
import { packMember, unpackMember } from "../../src/segments/gzip-members.ts";
import { identitySet } from "../../src/segments/identity-set.ts";
import { lineFields } from "../../src/segments/index.ts";
import { lineBuffer } from "../../src/segments/line-buffer.ts";
import { splitLines } from "../../src/segments/split-lines.ts";

describe("lineFields", () => {
  const fieldsOf = (json: string) => {
    const bytes = Buffer.from(json);
    return lineFields(bytes, bytes.length);
  };

  it("reads what JSON.parse would read, whatever the texts hold", () => {
    fc.assert(
      fc.property(
        fc.record({ a: fc.string(), b: fc.string({ unit: "grapheme" }), ab: fc.string() }),
        (value) => {
          const field = fieldsOf(JSON.stringify(value));

          expect({ a: field("a"), b: field("b"), ab: field("ab") }).toEqual(value);
          expect(field("c")).toBeUndefined();
        },
      ),
    );
  });

  it("is not misled by texts that look like fields", () => {
    const value = { id: '"type":"x",', type: "y", text: ',"type":"z"' };

    expect(fieldsOf(JSON.stringify(value))("type")).toBe("y");
  });

  it("reads the head alone", () => {
    const bytes = Buffer.from('{"id":"1","message":{"id":"2","a":"\\n"}}');
    const field = lineFields(bytes, bytes.indexOf(',"message":'));

    expect([field("id"), field("a")]).toEqual(["1", undefined]);
  });

  it("throws for what has escapes and is no JSON", () => {
    expect(() => fieldsOf('{"id":"\\x"}')).toThrow("a line is not JSON");
  });
});

describe("unpackMember", () => {
  it("unpacks any of a row of members alone", async () => {
    const texts = ["first", "second ".repeat(10_000), ""];
    const members = await Promise.all(texts.map((text) => packMember(Buffer.from(text), 3)));
    const row = Buffer.concat(members);

    let at = 0;
    for (const [index, text] of texts.entries()) {
      const { bytes, next } = unpackMember(row, at, "row");
      expect(bytes.toString()).toBe(text);
      expect(next - at).toBe(members[index]?.length);
      at = next;
    }
    expect(at).toBe(row.length);
    expect(gunzipSync(row).toString()).toBe(texts.join(""));
  });

  it.each([
    ["cut off", (packed: Buffer) => packed.subarray(0, packed.length - 12)],
    ["no gzip", () => Buffer.from("hello, this is no gzip at all")],
    ["empty", () => Buffer.alloc(0)],
    ["of another checksum", (packed: Buffer) => Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8)])],
  ])("names the object that is damaged: %s", (_, damage) => {
    expect(() => unpackMember(damage(gzipSync("some lines\nmore lines\n")), 0, "raw/a.gz")).toThrow(
      "raw/a.gz is damaged at byte 0",
    );
  });

  it("does not unpack a bomb", () => {
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024));

    expect(() => unpackMember(bomb, 0, "raw/bomb.gz")).toThrow("raw/bomb.gz is damaged at byte 0");
  });
});

describe("lineBuffer", () => {
  it("gives back the lines that were added, also those larger than its room", () => {
    const lines = ["", "a", "b".repeat(100), "c".repeat(5_000), "d"];
    const buffer = lineBuffer(64);
    for (const line of lines) buffer.add(Buffer.from(line));

    expect(buffer.size).toBe(lines.join("\n").length + 1);
    expect(splitLines(buffer.take()).map(String)).toEqual(lines);
    expect(buffer.size).toBe(0);
  });
});

describe("coverage", () => {
  it("answers as a look at every range would, for moments in any order", () => {
    const moment = fc.integer({ min: 0, max: 30 });
    const range = fc.tuple(moment, moment).map(([one, other]) => ({
      fromMs: Math.min(one, other),
      toMs: Math.max(one, other),
    }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 8 }), fc.array(moment), (ranges, moments) => {
        const covering = coverage(ranges);

        for (const timeMs of moments) {
          expect(covering(timeMs)).toEqual(
            ranges.filter(({ fromMs, toMs }) => fromMs <= timeMs && timeMs <= toMs),
          );
        }
      }),
    );
  });
});

describe("identitySet", () => {
  it("knows what was added, and nothing else", () => {
    const known = identitySet();
    const names = Array.from({ length: 20_000 }, (_, index) => `note ${index}`);

    expect(names.every((name) => known.add(name))).toBe(true);
    expect(names.some((name) => known.add(name))).toBe(false);
    expect(names.every((name) => known.has(name))).toBe(true);
    expect(known.has("note 20000")).toBe(false);
  });

  it("forgets the half that was met first, and so stays small", () => {
    const known = identitySet(1_000);
    for (let index = 0; index < 1_250; index++) known.add(`note ${index}`);

    expect(known.has("note 0")).toBe(false);
    expect(known.has("note 499")).toBe(false);
    expect(known.has("note 500")).toBe(true);
    expect(known.has("note 1249")).toBe(true);
    expect(known.isFull).toBe(true);
    expect(identitySet(1_000).isFull).toBe(false);
  });
});

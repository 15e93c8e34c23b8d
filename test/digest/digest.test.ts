import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  addDigests,
  bucketOf,
  digestOf,
  digestSum,
  type Entry,
  emptyDigest,
  entryHash,
  sameDigest,
} from "../../src/digest/index.ts";

const hex = fc.stringMatching(/^[0-9a-f]{32}$/);

describe("digestOf", () => {
  it("is blind to order, and adds up part by part", () => {
    fc.assert(
      fc.property(fc.array(hex), fc.nat(), (hashes, at) => {
        const [left, right] = [hashes.slice(0, at), hashes.slice(at)];

        expect(digestOf([...hashes].reverse())).toEqual(digestOf(hashes));
        expect(addDigests(digestOf(left), digestOf(right))).toEqual(digestOf(hashes));
      }),
    );
  });

  it("carries nothing from one word into the next", () => {
    expect(digestOf(["ffffffff00000000ffffffff00000000", "00000001000000000000000200000000"])).toEqual({
      count: 2,
      sum: "00000000000000000000000100000000",
    });
  });
});

describe("digestSum", () => {
  it("tells at any time what was added so far", () => {
    const sum = digestSum();
    expect(sameDigest(sum.digest(), emptyDigest)).toBe(true);

    sum.add("00000000000000000000000000000005");
    expect(sum.digest()).toEqual({ count: 1, sum: "00000000000000000000000000000005" });
    sum.add("00000000000000000000000000000006");
    expect(sum.digest()).toEqual({ count: 2, sum: "0000000000000000000000000000000b" });
  });
});

describe("entryHash", () => {
  const entry: Entry = {
    key: "/shop\no-1",
    timeMs: 3_600_000,
    fields: { type: "order.created", hash: "ab" },
  };

  it("is SHA-256 over key, span and fields, each with a line feed", () => {
    // printf '/shop\no-1\n1\n{"hash":"ab","type":"order.created"}\n' | sha256sum
    expect(entryHash(entry, 3_600_000)).toBe("fe2d7cb80ade6f61748a103d0df97ed1");
  });

  it("differs by key, span and field, and not by the time inside the span or the order of fields", () => {
    const hash = entryHash(entry, 3_600_000);
    const other = (parts: Partial<Entry>) => entryHash({ ...entry, ...parts }, 3_600_000);

    expect(other({ timeMs: 7_199_999, fields: { hash: "ab", type: "order.created" } })).toBe(hash);
    expect(other({ timeMs: 7_200_000 })).not.toBe(hash);
    expect(other({ key: "/shop\no-2" })).not.toBe(hash);
    expect(other({ fields: { type: "order.created", hash: "ac" } })).not.toBe(hash);
  });
});

describe("bucketOf", () => {
  it("is the first 32 bits of SHA-256", () => {
    // printf '' | sha256sum
    expect(bucketOf("")).toBe(0xe3b0c442);
  });
});

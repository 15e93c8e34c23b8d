import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { emittedNamespace } from "../../src/contract/emitted-id.ts";
import { emittedId, identityOf } from "../../src/contract/index.ts";
import { uuidv5 } from "../../src/contract/uuidv5.ts";
import { InvalidEventError } from "../../src/errors.ts";

interface Parts {
  readonly consumer: string;
  readonly source: string;
  readonly id: string;
  readonly replayId?: string;
  readonly key: string;
}

const vectors: { namespace: string; cases: (Parts & { emittedId: string })[] } = JSON.parse(
  readFileSync(new URL("../vectors/emitted-id.json", import.meta.url), "utf8"),
);
const urls = "6ba7b811-9dad-11d1-80b4-00c04fd430c8";
const parts: Parts = { consumer: "LockStock", source: "urn:shop", id: "1", key: "#0" };

describe("uuidv5", () => {
  it("agrees with RFC 9562, appendix A.4", () => {
    expect(uuidv5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com")).toBe(
      "2ed6657d-e927-568b-95e1-2665a8aea6a2",
    );
  });
});

describe("emittedId", () => {
  it("stands on a namespace that anyone can derive", () => {
    expect(emittedNamespace).toBe(uuidv5(urls, "urn:omnibus:emitted"));
    expect(emittedNamespace).toBe(vectors.namespace);
  });

  it.each(vectors.cases)("agrees with the shared vector $emittedId", ({ emittedId: id, ...of }) => {
    expect(emittedId(of)).toBe(id);
  });

  it("takes no replay for an empty one", () => {
    expect(emittedId({ ...parts, replayId: "" })).toBe(emittedId(parts));
  });

  it("differs as soon as one part differs, wherever the parts are cut", () => {
    const part = fc.string({ maxLength: 3, unit: fc.constantFrom("a", "b", "\r", "\\", "n") });
    const name = fc.record({ consumer: part, source: part, id: part, replayId: part, key: part });

    fc.assert(
      fc.property(name, name, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(emittedId(one) === emittedId(other)).toBe(same);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(["consumer", "source", "id", "replayId", "key"])("refuses a line feed in %s", (part) => {
    expect(() => emittedId({ ...parts, [part]: "a\nb" })).toThrow(InvalidEventError);
    expect(() => emittedId({ ...parts, [part]: "a\nb" })).toThrow(new RegExp(`^${part} `));
  });

  it("refuses half of a surrogate pair, which UTF-8 cannot tell from another", () => {
    expect(() => emittedId({ ...parts, key: "\ud800" })).toThrow(/key .* surrogate/);
  });
});

describe("identityOf", () => {
  it("keeps apart what would read the same without the line feed between", () => {
    expect(identityOf({ source: "a", id: "bc" })).not.toBe(identityOf({ source: "ab", id: "c" }));
    expect(identityOf({ source: "a", id: "bc" })).toBe("a\nbc\n");
  });
});

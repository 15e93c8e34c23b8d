import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { decodeMessage } from "../../src/contract/index.ts";
import { loadVectors, vectorFailures, vectorFiles, vectorRunner } from "../helpers/vectors.ts";

describe("the vectors of docs/wire-format.md", () => {
  it.each(vectorFiles())("hold in TypeScript: %s", (name) => {
    const vectors = loadVectors(name);

    expect(vectorFailures(name, vectors)).toEqual([]);
    expect(vectors.cases.length).toBeGreaterThan(0);
  });

  it.each(vectorFiles())("fail where one was changed: %s", (name) => {
    const { cases, ...rest } = loadVectors(name);
    const field = vectorRunner(name).fields.at(-1) ?? "";
    const changed = { ...cases.at(-1), [field]: "changed" };

    const failures = vectorFailures(name, { ...rest, cases: [...cases.slice(0, -1), changed] });

    expect(failures).toEqual([expect.objectContaining({ case: changed })]);
  });
});

describe("docs/wire-format.md", () => {
  const page = readFileSync(new URL("../../docs/wire-format.md", import.meta.url), "utf8");

  it("shows an event that consumers take", () => {
    const examples = [...page.matchAll(/```json\n(.*?)```/gs)].map((match) => match[1] ?? "");

    expect(examples.flatMap((example) => decodeMessage(example))).toEqual([
      { ok: true, envelope: expect.objectContaining({ type: "order.created" }) },
    ]);
  });

  it("names every file of vectors", () => {
    expect(vectorFiles().filter((name) => !page.includes(`${name}.json`))).toEqual([]);
  });
});

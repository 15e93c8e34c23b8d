import { describe, expect, it } from "@jest/globals";
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

import { describe, expect, it } from "@jest/globals";
import { applied, typesWithEffect, typesWithoutEffect } from "../../local/cloud/resources/index.ts";
import { textOf } from "../house/source.ts";

const page = textOf("docs/local.md") ?? "";
const rowOf = (type: string) =>
  page.split("\n").find((line) => line.startsWith("| ") && line.includes(`\`${type}\``)) ?? "";

describe("docs/local.md", () => {
  it.each(typesWithEffect.map((type) => [type.type, type] as const))(
    "tells each property of %s",
    (name, { properties }) => {
      const [, , told = "", ignored = ""] = rowOf(name).split("|");

      for (const [property, treatment] of Object.entries(properties)) {
        expect([property, treatment === applied ? told : ignored]).toEqual([
          property,
          expect.stringContaining(`\`${property}\``),
        ]);
        if (treatment !== applied) expect(ignored).toContain(treatment);
      }
    },
  );

  it.each(typesWithoutEffect.map(({ type, reason }) => [type, reason]))(
    "tells why %s has no effect",
    (type, reason) => {
      expect(rowOf(type)).toContain(reason);
    },
  );

  it("names no type that is not there", () => {
    const told = [...page.matchAll(/`(AWS::\w+::\w+)`/g)].map(([, type]) => type);
    const known = [...typesWithEffect, ...typesWithoutEffect].map(({ type }) => type);

    expect([...new Set(told)].sort()).toEqual([...new Set(known)].sort());
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { ledgerKey } from "../../src/ledger/index.ts";

interface Case {
  readonly consumer: string;
  readonly source: string;
  readonly id: string;
  readonly replayId?: string;
  readonly key: string;
}

const { cases } = JSON.parse(
  readFileSync(new URL("../vectors/ledger-key.json", import.meta.url), "utf8"),
) as { cases: readonly Case[] };

describe("ledgerKey", () => {
  it.each(cases)("is what every language computes: $consumer $source $id $replayId", ({ key, ...of }) => {
    expect(ledgerKey(of)).toBe(key);
  });

  it("differs between consumers, sources, ids and replays", () => {
    const of = { consumer: "a", source: "b", id: "c" };
    const keys = [
      of,
      { ...of, consumer: "x" },
      { ...of, source: "x" },
      { ...of, id: "x" },
      { ...of, replayId: "x" },
    ];

    expect(new Set(keys.map(ledgerKey)).size).toBe(5);
  });
});

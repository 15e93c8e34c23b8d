import { describe, expect, it } from "@jest/globals";
import { SettingsError } from "../../src/errors.ts";
import { type Limit, limit, readMeaning } from "../../src/limits/index.ts";

const key = () => "tenant";

describe("readMeaning", () => {
  it.each<Limit>([
    limit("partner", { rate: "50/s" }),
    limit("partner-2", { rate: "600/min", horizonMs: 60_000, latenessMs: 50, skewMs: 0 }),
    limit("hot", { rate: "5000/s", split: 7 }),
    limit("daily", { quota: "1000/day" }),
  ])("gives back the limit of $meaning", (made) => {
    const { name, options } = readMeaning(made.meaning);
    const { keyed, ...others } = options;

    expect(keyed).toBe(false);
    expect(limit(name, others)).toEqual(made);
  });

  it.each([limit("tenant", { rate: "5/s", key }), limit("tenant", { quota: "5/h", key })])(
    "tells of a key in $meaning",
    ({ meaning }) => {
      expect(meaning).toMatch(/, by key$/);
      expect(readMeaning(meaning)).toMatchObject({ name: "tenant", options: { keyed: true } });
    },
  );

  it.each(["", "partner", "partner: rate 50/s", "partner: quota", "partner: burst 5/s"])(
    "refuses %j, which it did not write",
    (meaning) => {
      expect(() => readMeaning(meaning)).toThrow(SettingsError);
    },
  );
});

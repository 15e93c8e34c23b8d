import { describe, expect, it } from "@jest/globals";
import { createAudit } from "../../../drills/crawler/audit.ts";
import { judge } from "../../../drills/crawler/judge.ts";

/** What a third party saw of so many calls, evenly spaced. */
function audited(calls: number, spacingMs: number, { writesEach = 0.1, pages = calls, holders = 4 } = {}) {
  const audit = createAudit(50);
  for (let index = 0; index < calls; index++) {
    audit.take({
      atMs: index * spacingMs,
      page: `/${index % pages}`,
      holder: `${index % holders}`,
      limitWrites: Math.ceil((index / holders) * writesEach),
      wayMs: index === 7 ? 61 : 1,
    });
  }
  return audit.report();
}

describe("createAudit", () => {
  it("counts pages once however often they are fetched, and the writes of each holder", () => {
    const report = audited(100, 25, { pages: 90 });

    expect(report).toMatchObject({ calls: 100, pages: 90, holders: 4, bans: 0 });
    expect(report.limitWrites).toBe(4 * 3);
  });
});

describe("judge", () => {
  const evidence = { pages: 500, kills: 1, deadLetters: 0 };

  it("passes what kept the rate and used it", () => {
    const result = judge({ ...evidence, audit: audited(500, 20.5) });

    expect(result).toMatchObject({ pass: true, calls: 500, bans: 0, findings: [] });
    expect(result.used).toBeCloseTo(1 / 1.025, 2);
  });

  it.each([
    [
      "a ban",
      { audit: audited(500, 19.9) },
      /bans: \d+, and must be 0; a call took up to 61 ms .* 15 ms are room/,
    ],
    ["a rate that lies idle", { audit: audited(500, 25) }, /used: 80.0 % of the rate/],
    ["a page that was never fetched", { audit: audited(500, 20.5, { pages: 499 }) }, /pages fetched: 499/],
    ["a write for each call", { audit: audited(500, 20.5, { writesEach: 1 }) }, /writes to the limit: 0\.9/],
    ["a dead letter", { audit: audited(500, 20.5), deadLetters: 1 }, /dead letters: 1/],
    ["no kill", { audit: audited(500, 20.5), kills: 0 }, /not exercised: no holder/],
    ["a limit that fewer share", { audit: audited(500, 20.5, { holders: 3 }) }, /not exercised: 3 processes/],
  ])("fails %s", (_, change, finding) => {
    const result = judge({ ...evidence, ...change });

    expect(result.pass).toBe(false);
    expect(result.findings.join("\n")).toMatch(finding);
  });
});

import { describe, expect, it } from "@jest/globals";
import { createAudit } from "../../../drills/crawler/audit.ts";
import { judge } from "../../../drills/crawler/judge.ts";

/** What a third party saw of so many calls, evenly spaced. */
function audited(calls: number, spacingMs: number, { writesEach = 0.1, pages = calls } = {}) {
  const audit = createAudit(50);
  for (let index = 0; index < calls; index++) {
    audit.take({
      atMs: index * spacingMs,
      page: `/${index % pages}`,
      holder: `${index % 4}`,
      limitWrites: Math.ceil((index / 4) * writesEach),
    });
  }
  return audit.report();
}

describe("createAudit", () => {
  it("counts a call on the edge of a half-open second in the next one", () => {
    expect(audited(51, 20)).toMatchObject({ calls: 51, bans: 0, maxInAnySecond: 50 });
  });

  it("bans each call that is one too many in any second, wherever it begins", () => {
    const audit = createAudit(50);
    const take = (atMs: number) => audit.take({ atMs, page: "/", holder: "1", limitWrites: 0 });

    const early = Array.from({ length: 50 }, (_, index) => take(700 + index));
    const late = [take(1_699), take(1_700), take(1_751)];

    expect(early.some((banned) => banned)).toBe(false);
    expect(late).toEqual([true, true, false]);
    expect(audit.report()).toMatchObject({ bans: 2, maxInAnySecond: 51 });
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
    ["a ban", { audit: audited(500, 19.9) }, /bans: \d+, and must be 0/],
    ["a rate that lies idle", { audit: audited(500, 25) }, /used: 80.0 % of the rate/],
    ["a page that was never fetched", { audit: audited(500, 20.5, { pages: 499 }) }, /pages fetched: 499/],
    ["a write for each call", { audit: audited(500, 20.5, { writesEach: 1 }) }, /writes to the limit: 0\.9/],
    ["a dead letter", { audit: audited(500, 20.5), deadLetters: 1 }, /dead letters: 1/],
    ["no kill", { audit: audited(500, 20.5), kills: 0 }, /not exercised/],
  ])("fails %s", (_, change, finding) => {
    const result = judge({ ...evidence, ...change });

    expect(result.pass).toBe(false);
    expect(result.findings.join("\n")).toMatch(finding);
  });
});

import { describe, expect, it } from "@jest/globals";
import { judge } from "../../../drills/dead-letters/judge.ts";
import type { LetterSnapshot } from "../../../drills/dead-letters/letter-snapshot.ts";
import type { PartnerAudit } from "../../../drills/dead-letters/partner-audit.ts";

const letters = 60;
const kind = 2;
const all = Array.from({ length: letters }, (_, parcel) => parcel);
const before: LetterSnapshot = new Map(
  [0, 1, 2, 3, 4, 5].map((of) => [`g${of}`, all.filter((n) => n % 6 === of).map((n) => `digest ${n}`)]),
);
const after: LetterSnapshot = new Map([...before].filter(([group]) => group !== "g2"));
const takenOnce = Object.fromEntries(all.filter((n) => n % 6 === kind).map((n) => [n, 1]));

const judged = (more: {
  after?: LetterSnapshot;
  before?: LetterSnapshot;
  audit?: PartnerAudit;
  moved?: number;
  kills?: number;
}) =>
  judge({
    letters,
    kind,
    chosen: "g2",
    before: more.before ?? before,
    after: more.after ?? after,
    audit: more.audit ?? { taken: takenOnce, refused: {} },
    movedBeforeKill: more.moved ?? 5,
    kills: more.kills ?? 1,
  });

describe("judge of dead-letters", () => {
  it("passes when one group was handled once each, and the others lie as they lay", () => {
    expect(judged({})).toMatchObject({
      letters: 60,
      groups: 6,
      meant: 10,
      once: 10,
      twice: 0,
      never: 0,
      othersTouched: 0,
      left: 0,
      pass: true,
      findings: [],
    });
  });

  const taken = (more: Record<string, number>) => ({
    audit: { taken: { ...takenOnce, ...more }, refused: {} },
  });
  it.each([
    ["one was handled twice", taken({ 8: 2 }), "taken more than once: 1"],
    ["one was lost", taken({ 8: 0 }), "never taken: 1"],
    ["one of another group was sent", taken({ 9: 1 }), "other groups that were touched: 1"],
    [
      "one of another group has gone",
      { after: new Map([...after, ["g0", ["digest 0"]]]) },
      "were touched: 9",
    ],
    ["one of the group is left", { after: new Map([...after, ["g2", ["digest 2"]]]) }, "that are left: 1"],
    ["groups fell together", { before: new Map([...before].slice(1)) }, "groups: 5, and must be 6"],
    ["nothing was killed", { kills: 0 }, "not exercised"],
    ["the kill came before anything was sent", { moved: 0 }, "not exercised"],
    ["the kill came too late", { moved: 10 }, "not exercised"],
  ])("fails when %s", (_, more, finding) => {
    const { pass, findings } = judged(more);

    expect(pass).toBe(false);
    expect(findings.join("\n")).toContain(finding);
  });
});

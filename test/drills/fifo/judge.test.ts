import { describe, expect, it } from "@jest/globals";
import type { BookAudit } from "../../../drills/fifo/book-audit.ts";
import { judge } from "../../../drills/fifo/judge.ts";
import { poisonStep } from "../../../drills/fifo/poison-step.ts";

const sizes = { groups: 10, events: 8, poison: 2 };
const upTo = (count: number) => Array.from({ length: count }, (_, step) => step);
const book = (more: Record<number, readonly number[]> = {}): BookAudit =>
  Object.fromEntries(upTo(sizes.groups).map((index) => [index, more[index] ?? upTo(sizes.events)]));
/** The accounts 0 and 5 wait at their poison. */
const waiting = { 0: upTo(2), 5: upTo(3) };

const judged = (more: Partial<Parameters<typeof judge>[0]> = {}) =>
  judge({
    ...{ sizes, before: book(waiting), after: book(), parked: 2, functionKills: [9], commandKills: [6] },
    ...more,
  });

describe("poisonStep", () => {
  it("spreads poison over the groups, each within its events", () => {
    const found = upTo(sizes.groups).flatMap((index) => {
      const step = poisonStep(index, sizes);
      return step === undefined ? [] : [[index, step]];
    });

    expect(found).toEqual([
      [0, 2],
      [5, 3],
    ]);
    expect(upTo(10).filter((index) => poisonStep(index, { ...sizes, poison: 0 }) !== undefined)).toEqual([]);
    expect(poisonStep(0, { groups: 1, events: 1, poison: 1 })).toBe(0);
  });
});

describe("judge of fifo", () => {
  it("passes when all stands in order, the others went on, and the released are whole", () => {
    expect(judged()).toEqual({
      ...sizes,
      ...{
        outOfOrder: 0,
        harmed: 0,
        released: 2,
        kills: 2,
        parked: 2,
        repeated: 0,
        pass: true,
        findings: [],
      },
    });
  });

  it("lets a step stand twice where its process was killed", () => {
    expect(judged({ after: book({ 0: [0, 1, 2, 3, 3, 4, 5, 6, 7] }) })).toMatchObject({
      repeated: 1,
      pass: true,
    });
  });

  it.each([
    [
      "a step stands before an earlier one",
      { after: book({ 3: [0, 2, 1, 3, 4, 5, 6, 7] }) },
      "out of order: 1",
    ],
    ["a step comes once more behind a later one", { after: book({ 3: [...upTo(8), 3] }) }, "out of order: 1"],
    ["another group stood still", { before: book({ ...waiting, 3: upTo(4) }) }, "harmed: 1"],
    ["another group lacks a step", { after: book({ 3: upTo(7) }) }, "harmed: 1"],
    ["a poison was overtaken", { before: book({ ...waiting, 0: [0, 1, 3] }) }, "are whole: 1"],
    ["a released group is not whole", { after: book({ 5: upTo(7) }) }, "are whole: 1"],
    ["nothing was parked", { parked: 0 }, "parked before the release: 0"],
    ["no function was killed", { functionKills: [] }, "not exercised"],
    ["no command was killed", { commandKills: [] }, "not exercised"],
    [
      "the function was killed when all was released",
      { functionKills: [16] },
      "0 functions and 1 commands killed",
    ],
    [
      "the command was killed when all was released",
      { commandKills: [16] },
      "1 functions and 0 commands killed",
    ],
  ])("fails when %s", (_, more, says) => {
    const { pass, findings } = judged(more);

    expect(pass).toBe(false);
    expect(findings.join("\n")).toContain(says);
  });
});

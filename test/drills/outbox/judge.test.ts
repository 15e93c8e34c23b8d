import { describe, expect, it } from "@jest/globals";
import { crashPointIn } from "../../../drills/outbox/crash-point.ts";
import { judge } from "../../../drills/outbox/judge.ts";
import { controlOf, orderOf, placedFor } from "../../../drills/outbox/order-of.ts";
import type { Effects, Readings } from "../../../drills/outbox/readings.ts";

const placed = placedFor(200);
const { orders, cents } = controlOf(placed);
const whole: Effects = { orders, cents, lost: 0, ghosts: 0, twice: 0 };
const readings: Readings = {
  ...{ orders, cents, left: 0, deadLetters: 0, lagP50Ms: 300, lagP99Ms: 900 },
  effects: { Points: whole, Ship: whole },
};

const judged = (more: Partial<Readings> = {}, kills: { writerKills?: number; relayKills?: number } = {}) =>
  judge({
    ...{ placed, promised: 5, writerKills: 5, relayKills: 6, repeats: 40 },
    ...kills,
    readings: { ...readings, ...more },
  });
const off = (more: Partial<Effects>) => ({ effects: { Points: whole, Ship: { ...whole, ...more } } });

describe("judge of outbox", () => {
  it("passes when consumers agree with the table of orders, and both were killed often enough", () => {
    expect(judged()).toMatchObject({
      ...{ orders: 200, rolledBack: 10, lost: 0, ghosts: 0, twice: 0, kills: 11, cents, centsOff: 0 },
      ...{ pass: true, findings: [] },
    });
  });

  it.each([
    ["one is lost", off({ lost: 1 }), {}, "lost: 1, and must be 0"],
    ["one is a ghost", off({ ghosts: 1 }), {}, "ghosts: 1, and must be 0"],
    ["one was handled twice", off({ twice: 1 }), {}, "handled twice: 1"],
    ["a total is a cent off", off({ cents: cents - 1 }), {}, "cents that consumers are off: 1"],
    ["an order was never written", { orders: orders - 1 }, {}, "orders that stand: 199, and must be 200"],
    ["an order has another price", { cents: cents + 1 }, {}, "their cents"],
    ["a row is left", { left: 1 }, {}, "rows left in the outbox: 1"],
    ["an event died", { deadLetters: 1 }, {}, "dead letters: 1"],
    [
      "the writer was killed too seldom",
      {},
      { writerKills: 4 },
      "not exercised: the writer was killed 4 times",
    ],
    ["the relay was killed too seldom", {}, { relayKills: 4 }, "not exercised: the relay was killed 4 times"],
  ])("fails when %s", (_, more, kills, finding) => {
    const { pass, findings } = judged(more, kills);

    expect(pass).toBe(false);
    expect(findings.join("\n")).toContain(finding);
  });
});

describe("the drill's orders", () => {
  it("are as many as were asked for, and one of 21 beside them is rolled back", () => {
    for (const wanted of [1, 20, 21, 200, 1_000]) expect(controlOf(placedFor(wanted)).orders).toBe(wanted);
    expect(orderOf(20).isRolledBack).toBe(true);
    expect(orderOf(21).isRolledBack).toBe(false);
  });
});

describe("crashPointIn", () => {
  it("finds the point and the process in a line of a log, and nothing in others", () => {
    expect(crashPointIn("INFO crash point: before-publish pid 4711")).toEqual({
      name: "before-publish",
      pid: 4_711,
    });
    expect(crashPointIn('{"outcome":"waits"}')).toBeUndefined();
  });
});

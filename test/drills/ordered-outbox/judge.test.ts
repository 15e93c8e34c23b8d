import { describe, expect, it } from "@jest/globals";
import { judge } from "../../../drills/ordered-outbox/judge.ts";
import type { Account, Readings } from "../../../drills/ordered-outbox/readings.ts";
import { controlOf, isPoison, poisonOf, stepsOf } from "../../../drills/ordered-outbox/steps.ts";
import { placedFor } from "../../../drills/outbox/order-of.ts";

const placed = placedFor(400);
const accounts = 40;
const control = controlOf(stepsOf(placed, accounts));
const poisoned = [...control.keys()].filter((account) => poisonOf(account) !== undefined);
const whole: Readonly<Record<string, Account>> = Object.fromEntries(control);
const cents = [...control.values()].reduce((sum, one) => sum + one.cents, 0);
const readings: Readings = {
  ...{ written: whole, booked: whole, outOfTurn: [], left: 0 },
  ...{ deadLetters: 0, lagP50Ms: 300, lagP99Ms: 900 },
};
const stood: Readings = {
  ...readings,
  booked: {
    ...whole,
    ...Object.fromEntries(poisoned.map((name) => [name, upTo((poisonOf(name) ?? 0) - 1)])),
  },
};

function upTo(steps: number): Account {
  return { steps, cents: 0 };
}

const judged = (change: Partial<Parameters<typeof judge>[0]> = {}) =>
  judge({
    ...{ placed, accounts, promised: 5, writerKills: 5, relayKills: 6 },
    standing: poisoned.map((name) => `parked ${name}`),
    ...{ released: poisoned, before: stood, after: readings },
    ...change,
  });
const booked = (name: string, change: Partial<Account>, of = readings): Readings => ({
  ...of,
  booked: { ...of.booked, [name]: { ...(of.booked[name] ?? upTo(0)), ...change } },
});
const [poison = ""] = poisoned;

describe("judge of outbox with an order", () => {
  it("passes when the book agrees, poison alone stood, and both were killed often enough", () => {
    expect(judged()).toMatchObject({
      ...{ orders: 400, rolledBack: 20, accounts, lost: 0, ghosts: 0, outOfOrder: 0, parked: 2, released: 2 },
      ...{ harmed: 0, kills: 11, cents, centsOff: 0, pass: true, findings: [] },
    });
  });

  it.each<readonly [string, Parameters<typeof judged>[0], string]>([
    ["one is lost", { after: booked("account-3", { steps: 9 }) }, "lost: 1, and must be 0"],
    ["one is a ghost", { after: booked("account-3", { steps: 11 }) }, "ghosts: 1, and must be 0"],
    ["an account is a ghost", { after: booked("account-x", { steps: 2 }) }, "ghosts: 2"],
    ["a total is a cent off", { after: booked("account-3", { cents: 1 }) }, "cents that the book is off"],
    ["a step was out of its turn", { after: { ...readings, outOfTurn: ["account-3/4"] } }, "out of order: 1"],
    [
      "an order was never written",
      { after: { ...readings, written: { ...whole, "account-3": upTo(9) } } },
      "orders that stand: 399, and must be 400",
    ],
    ["a row is left", { after: { ...readings, left: 1 } }, "rows left in the outbox: 1"],
    ["an event died", { after: { ...readings, deadLetters: 1 } }, "dead letters: 1"],
    [
      "another account waited",
      { before: booked("account-3", { steps: 4 }, stood) },
      "accounts that waited without poison of their own: 1",
    ],
    [
      "an account went past its poison",
      { before: booked(poison, { steps: poisonOf(poison) ?? 0 }, stood) },
      `did not stand right before their poison: ${poison}`,
    ],
    ["something else stood", { standing: [`parked ${poison}`, "gap account-3"] }, "what stood"],
    ["one was not released", { released: [poison] }, "what was released"],
    ["the writer was killed too seldom", { writerKills: 4 }, "not exercised: the writer was killed 4"],
    ["the relay was killed too seldom", { relayKills: 4 }, "not exercised: the relay was killed 4"],
  ])("fails when %s", (_, change, finding) => {
    const { pass, findings } = judged(change);

    expect(pass).toBe(false);
    expect(findings.join("\n")).toContain(finding);
  });

  it("fails when no account had poison: nothing was shown of it then", () => {
    const few = 10;
    const all = Object.fromEntries(controlOf(stepsOf(placed, few)));
    const after = { ...readings, written: all, booked: all };

    const { findings } = judged({ accounts: few, standing: [], released: [], before: after, after });

    expect(findings).toEqual(["not exercised: no account had poison"]);
  });
});

describe("stepsOf", () => {
  it("gives each account the sequences 1, 2, 3 …, and the place of one that is rolled back to the next", () => {
    const steps = stepsOf(placed, 4);

    for (const account of ["account-0", "account-3"]) {
      const standing = steps.filter((step) => step.account === account && !step.isRolledBack);
      expect(standing.map(({ sequence }) => sequence)).toEqual(standing.map((_, at) => at + 1));
    }
    expect(steps[20]).toMatchObject({ account: "account-0", isRolledBack: true, sequence: 6 });
    expect(steps[24]).toMatchObject({ account: "account-0", isRolledBack: false, sequence: 6 });
  });

  it("has one poison in each poisoned account", () => {
    const ids = stepsOf(placed, accounts)
      .filter(({ isRolledBack }) => !isRolledBack)
      .map(({ account, sequence }) => `${account}/${sequence}`);

    expect(ids.filter(isPoison)).toEqual(
      ["account-19/3", "account-39/2"].sort((one, other) => ids.indexOf(one) - ids.indexOf(other)),
    );
  });
});

import { describe, expect, it } from "@jest/globals";
import { judge } from "../../../drills/replay/judge.ts";
import type { Noted, Witnessed } from "../../../drills/replay/witnessed.ts";

const published = ["1", "2", "3", "4", "5", "6"];
const selected = { day: ["1", "2", "3", "4"], large: ["4", "5"], byOffset: ["6"] };
const noted = (ids: readonly string[], fromMs: number, everyMs: number): Noted[] =>
  ids.map((orderId, nth) => ({ orderId, atMs: fromMs + nth * everyMs }));
const archived = published.map((id, nth) => [id, `2026-01-01-00-00/0/${nth}`] as const);
const witnessed = (points: readonly Noted[], stock = noted(published, 0, 1)): Witnessed => ({
  effects: { Points: points, Stock: stock },
  archived,
});
const first = noted(published, 0, 1);
// Killed after two, and gone on with half a minute later.
const again = [...noted(["1", "2"], 10_000, 40), ...noted(["3", "4"], 40_000, 40)];
const good = {
  published,
  selected,
  before: witnessed(first),
  afterDay: witnessed([...first, ...again]),
  after: witnessed([...first, ...again, ...noted(["4", "5", "6"], 50_000, 1)]),
  rate: 25,
  kills: 1,
  sentBeforeKill: 2,
};
const without = (noted: readonly Noted[], id: string) => noted.filter(({ orderId }) => orderId !== id);

describe("judge of the replay drill", () => {
  it("passes a run in which each selected order was handled once more, by one consumer, at the rate", () => {
    expect(judge(good)).toEqual({
      ...{ archived: 6, selected: 4, replayed: 4, large: 2, byOffset: 1, strays: 0, missing: 0 },
      ...{ kills: 1, sentBeforeKill: 2, ratePerSecond: 25, pass: true, findings: [] },
    });
  });

  it.each([
    [
      "an order that was not handled again",
      {
        afterDay: witnessed([...first, ...without(again, "3")]),
        after: witnessed(without(good.after.effects.Points, "3").concat(first[2] as Noted)),
      },
      "orders of the day that were handled once more: 3, and must be 4",
    ],
    [
      "one that was handled twice more",
      { after: witnessed([...good.after.effects.Points, { orderId: "5", atMs: 60_000 }]) },
      "strays: 1, and must be 0",
    ],
    [
      "one that came before it was selected",
      { afterDay: witnessed([...good.afterDay.effects.Points, { orderId: "5", atMs: 40_080 }]) },
      "strays: 1, and must be 0",
    ],
    [
      "another consumer that got one",
      {
        after: witnessed(good.after.effects.Points, [
          ...noted(published, 0, 1),
          { orderId: "1", atMs: 40_000 },
        ]),
      },
      "strays: 1, and must be 0",
    ],
    [
      "an order of the second selection that never came",
      { after: witnessed(good.after.effects.Points.slice(0, -1)) },
      "missing: 1, and must be 0",
    ],
    ["a rate that was not kept", { rate: 30 }, "rate: 25/s, and must be 30/s, a tenth more or less"],
    [
      "an order that is not archived",
      { before: { ...good.before, archived: archived.slice(1) } },
      "archived orders: 5, and must be 6",
    ],
    [
      "one that was not handled in the first place",
      { before: witnessed(first.slice(1)) },
      "effects of Points before the replays, too few: 1, and must be 0",
    ],
    [
      "nothing selected",
      { selected: { ...selected, large: [] } },
      'not exercised: the selection "large" is empty',
    ],
    ["no kill", { kills: 0 }, "not exercised: 0 replays were killed, after 2 of 4"],
    ["a kill at the end", { sentBeforeKill: 4 }, "not exercised: 1 replays were killed, after 4 of 4"],
  ])("fails %s", (_, change, finding) => {
    const { pass, findings } = judge({ ...good, ...change });

    expect(pass).toBe(false);
    expect(findings).toContain(finding);
  });
});

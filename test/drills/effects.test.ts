import { describe, expect, it } from "@jest/globals";
import { effectsTable, type RunStatements } from "../../drills/orders/effects.ts";
import { virtualClock } from "../../local/testing/virtual-clock.ts";

describe("effectsTable", () => {
  it("writes what is put side by side in one request, numbers as numbers", async () => {
    const { effects, requests, clock } = table();

    await clock.until(
      Promise.all([effects.put({ pk: "a", cents: 5 }), effects.put({ pk: "b", customer: "ann" })]),
    );

    expect(requests).toEqual([
      [
        { Statement: `INSERT INTO "t" VALUE {'pk': ?, 'cents': ?}`, Parameters: [{ S: "a" }, { N: "5" }] },
        {
          Statement: `INSERT INTO "t" VALUE {'pk': ?, 'customer': ?}`,
          Parameters: [{ S: "b" }, { S: "ann" }],
        },
      ],
    ]);
  });

  it("sends at most 25 in one request", async () => {
    const { effects, requests, clock } = table();

    const puts = Array.from({ length: 60 }, (_, index) => effects.put({ pk: String(index) }));
    await clock.until(Promise.all(puts));

    expect(requests.map(({ length }) => length)).toEqual([25, 25, 10]);
  });

  it("puts the same key once in a request, because twice would have all of it refused", async () => {
    const { effects, requests, clock } = table();

    await clock.until(Promise.all([effects.put({ pk: "a" }), effects.put({ pk: "a" })]));

    expect(requests).toHaveLength(1);
    expect(requests[0]).toHaveLength(1);
  });

  it("takes an effect that is there already for written", async () => {
    const { effects, clock } = table(() => [{ code: "DuplicateItem", message: "exists" }]);

    await expect(clock.until(effects.put({ pk: "a" }))).resolves.toBeUndefined();
  });

  it("throws any other error in the handler that it belongs to, and in no other", async () => {
    const { effects, clock } = table(() => [undefined, { code: "ThrottlingError", message: "slow down" }]);

    const settled = await clock.until(
      Promise.allSettled([effects.put({ pk: "a" }), effects.put({ pk: "b" })]),
    );

    expect(settled[0]?.status).toBe("fulfilled");
    expect(settled[1]).toMatchObject({ reason: new Error("effect b was not written to t: slow down") });
  });

  it("throws in every handler of a request that failed as a whole, with the cause", async () => {
    const cause = new Error("socket hang up");
    const { effects, clock } = table(() => {
      throw cause;
    });

    const settled = await clock.until(
      Promise.allSettled([effects.put({ pk: "a" }), effects.put({ pk: "b" })]),
    );

    expect(settled.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(settled[0]).toMatchObject({ reason: { cause } });
  });

  it("refuses to be made without a table's name", () => {
    expect(() => effectsTable({ table: undefined, run: async () => [] })).toThrow(/EFFECTS_TABLE is not set/);
  });
});

function table(answer: () => Awaited<ReturnType<RunStatements>> = () => []) {
  const requests: Parameters<RunStatements>[0][] = [];
  const clock = virtualClock();
  const run: RunStatements = async (statements) => {
    requests.push(statements);
    return answer();
  };
  return { effects: effectsTable({ table: "t", run, clock }), requests, clock };
}

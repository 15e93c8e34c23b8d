import { describe, expect, it } from "@jest/globals";
import { bookPoints, type Crash, readCrash, tellPoints } from "../../../drills/exactly-once/crash-points.ts";
import { judge } from "../../../drills/exactly-once/judge.ts";
import { controlOf, transferOf } from "../../../drills/exactly-once/transfers.ts";

const transfers = 50;
const indices = Array.from({ length: transfers }, (_, index) => index);
const { balances, cents } = controlOf(transfers);
const books = {
  balances: Object.fromEntries(balances),
  times: Object.fromEntries(indices.map((index) => [index, 1])),
};
const calls = Object.fromEntries(
  indices.map((index) => [index, [{ key: `k${index}`, invocation: `i${index}` }]]),
);
const crashes: readonly Crash[] = [...bookPoints, ...tellPoints].map((point, index) => ({
  ...{ point, index, pid: 1 },
  invocation: `killed-${point}`,
}));
const judged = (more: Partial<Parameters<typeof judge>[0]> = {}) =>
  judge({ transfers, wantedKills: 3, books, calls, crashes, ...more });
const call = (invocation: string, key = "k7") => ({ key, invocation });

describe("judge of exactly-once", () => {
  it("passes when every transfer is booked once, and a kill explains every extra call", () => {
    const again = [call("killed-after-call"), call("killed-before-call"), call("i7")];

    expect(judged({ calls: { ...calls, 7: again } })).toMatchObject({
      ...{ transfers, kills: 6, doubled: 0, lost: 0, cents, extraCalls: 2, unexplained: 0 },
      ...{ findings: [], pass: true },
    });
  });

  it.each([
    [
      "a transfer is booked twice",
      { books: { ...books, times: { ...books.times, 7: 2 } } },
      "more than once: 1",
    ],
    ["a transfer is not booked", { books: { ...books, times: { ...books.times, 7: 0 } } }, "not booked: 1"],
    [
      "a balance is a cent off",
      { books: { ...books, balances: { ...books.balances, [transferOf(7).from]: 1 } } },
      "balances that are wrong: 1",
    ],
    [
      "there is an account from nowhere",
      { books: { ...books, balances: { ...books.balances, x: 5 } } },
      "wrong: 1",
    ],
    [
      "there is a booking from nowhere",
      { books: { ...books, times: { ...books.times, 99: 1 } } },
      "none of: 51",
    ],
    [
      "a call is repeated without a kill",
      { calls: { ...calls, 7: [call("i7"), call("i8")] } },
      "no kill explains: 1",
    ],
    [
      "a call is repeated though it was recorded",
      { calls: { ...calls, 7: [call("killed-after-record"), call("i8")] } },
      "no kill explains: 1",
    ],
    [
      "a repeated call has another key",
      { calls: { ...calls, 7: [call("killed-after-call"), call("i8", "other")] } },
      "several effect keys: 1",
    ],
    ["the partner was not told", { calls: { ...calls, 7: [] } }, "not told of: 1"],
    ["too few were killed", { wantedKills: 4 }, "not exercised: 3 processes"],
    ["nobody was killed at a point", { crashes: crashes.slice(1) }, "none at before-write"],
  ])("fails when %s", (_, more, says) => {
    const { pass, findings } = judged(more as Partial<Parameters<typeof judge>[0]>);

    expect(pass).toBe(false);
    expect(findings.join("\n")).toContain(says);
  });
});

describe("readCrash", () => {
  it("reads what a process prints at its end, and nothing else", () => {
    expect(readCrash("crash before-write 123 7 request-1")).toEqual({
      ...{ point: "before-write", pid: 123, index: 7, invocation: "request-1" },
    });
    for (const line of ['{"message":"crash"}', "crash before-write", "crash nowhere 123 7 request-1", ""]) {
      expect(readCrash(line)).toBeUndefined();
    }
  });
});

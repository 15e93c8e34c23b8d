import { beforeAll, describe, expect, it } from "@jest/globals";
import { faultKinds, faultsOfKind } from "../../../drills/transfer/faults.ts";
import { judge } from "../../../drills/transfer/judge.ts";
import { hourMs } from "../../../drills/transfer/times.ts";
import { lifeOf } from "../../reconcile/two-books.ts";
import { playBanks, reconciledBanks } from "./transfer-world.ts";

const transfers = 120;
const faults = faultsOfKind(transfers) * faultKinds.length;

/** The drill's small version: the same banks and faults, the real pipeline and reconciliation, in memory and in virtual time. */
describe("the transfer drill, in memory", () => {
  let played: Awaited<ReturnType<typeof playBanks>>;
  const world = () => reconciledBanks({ ...played, nowMs: played.clock.nowMs() }, transfers);
  beforeAll(async () => {
    played = await playBanks(transfers);
  });

  it("finds every fault, calls it what it is, repairs each once, and changes nothing by one more run", async () => {
    const { books, mendAll, ask, repaired, open } = world();
    const before = books();

    await mendAll();
    const after = books();
    const last = await ask({ do: "run" });

    const lastRun = "did" in last && last.did === "run" && last.status === "ran" ? last.report : undefined;
    const result = judge({
      ...{ transfers, before, after, again: books(), repaired: await repaired() },
      lastRun: lastRun ?? { found: 1, resolved: 1, repaired: 1 },
      watched: {
        looks: played.looks.length,
        twice: played.looks.flatMap(({ twice }) => twice ?? []),
        mostInFlight: Math.max(...played.looks.map(({ inFlight }) => inFlight)),
        open,
      },
      ...{ deadLetters: 0, statement: "agree", seconds: 0 },
      // Nobody is killed here, and nothing is throttled: the drill does that.
      ...{ kills: { bankA: 0, bankB: 0, reconciler: 0 }, diedAt: [], throttled: 0 },
    });
    expect(result.findings.filter((finding) => !finding.startsWith("not exercised"))).toEqual([]);
    expect(result).toMatchObject({
      ...{ injected: faults, found: faults, misclassified: 0, falseAlarms: 0 },
      ...{ repaired: (faults * 5) / 6, secondRunChanges: 0, moneyTwice: 0 },
    });
    expect(result.centsLeft).toBe(result.centsRight);
    expect(lastRun).toMatchObject({ verdict: "agree", unfinished: false });
  });

  it("comes to the state of one clean run, killed at every step, with five at once from then on", async () => {
    const clean = world();
    await clean.mendAll();
    const wanted = { books: clean.books(), repaired: [...(await clean.repaired())].sort() };

    let kills = 0;
    for (let wasKilled = true; wasKilled; kills++) {
      const { options, environment, clock, invoke, mendAll, books, repaired, repair } = world();
      const life = lifeOf(kills, kills % 2 === 0);
      const mortal = environment(
        { repair: life.of({ repair }).repair },
        {
          store: life.of(options.store),
          repairs: life.of(options.repairs),
          objects: life.of(options.objects),
        },
      );
      const asked = { omnibus: { v: 1, do: "run", by: "schedule" } };
      void invoke(asked, mortal).catch(() => undefined);
      await clock.advance(90_000);
      wasKilled = life.calls() > kills;
      await clock.until(Promise.all(Array.from({ length: 5 }, () => invoke(asked))));
      await mendAll();

      const is = { books: books(), repaired: [...(await repaired())].sort() };
      expect({ kills, ...is }).toEqual({ kills, ...wanted });
    }
    expect(kills).toBeGreaterThan(20);
  }, 60_000);

  it("has late ones an hour apart, and honest ones within seconds", () => {
    const at = new Map(played.debits.map(({ transfer, atMs }) => [transfer, atMs]));
    const apart = played.credits.map(({ transfer, atMs }) => atMs - (at.get(transfer) ?? atMs));

    expect(apart.filter((ms) => ms >= hourMs)).toHaveLength(faultsOfKind(transfers));
    expect(apart.filter((ms) => ms > 10_000 && ms < hourMs)).toEqual([]);
  });
});

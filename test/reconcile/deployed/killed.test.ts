import { describe, expect, it } from "@jest/globals";
import { hourMs } from "../books.ts";
import { lifeOf } from "../two-books.ts";
import { deployedWorld, minuteMs } from "./deployed-world.ts";

const wrong = ["transfer-7", "transfer-20", "transfer-60"];
const auto = { classes: ["missing-right"], atMost: { differences: 5 } } as const;

describe("a deployed reconciliation that is killed", () => {
  it.each([false, true])(
    "ends as one clean run does, wherever that is, with five at once from then on (answer lost: %s)",
    async (after) => {
      let kills = 0;
      for (let wasKilled = true; wasKilled; kills++) {
        const world = deployedWorld({ days: 3, wrong, given: { auto } });
        const { options, environment, parts, calls, mend, clock, books, latest } = world;
        const life = lifeOf(kills, after);
        const repairing = life.of({ repair: mend });
        const dying = environment(
          { repair: (difference, ctx) => repairing.repair(difference, ctx) },
          {
            ...options,
            store: life.of(options.store),
            repairs: life.of(options.repairs),
            objects: life.of(options.objects),
            parts: { ...parts, send: life.of(parts).send },
          },
        );
        const context = (as: typeof dying) => (event: unknown) =>
          as(event, { getRemainingTimeInMillis: () => 5 * minuteMs });
        const asked = { omnibus: { v: 1, do: "run", by: "schedule" } };
        const records = (some: readonly object[]) => ({
          Records: some.map((message, at) => ({ messageId: String(at), body: JSON.stringify(message) })),
        });
        // One process does all there is to do, until it dies.
        void (async () => {
          await context(dying)(asked);
          for (const message of [...parts.waiting]) await context(dying)(records([message]));
        })().catch(() => undefined);
        await clock.advance(6 * minuteMs);
        wasKilled = life.calls() > kills;

        for (let round = 0; round < 4; round++) {
          const five = Array.from({ length: 5 }, () => context(environment()));
          await clock.until(Promise.all(five.map((invoke) => invoke(asked))));
          const some = parts.waiting.splice(0);
          await clock.until(Promise.all(five.map((invoke) => invoke(records(some)))));
          await clock.advance(hourMs / 2);
        }

        const keys = calls.map(({ difference }) => difference.key).sort();
        expect({ kills, keys }).toEqual({ kills, keys: [...wrong].sort() });
        expect(books.right.length).toBe(books.left.length);
        expect(latest()).toMatchObject({ verdict: "agree", unfinished: false, open: { differences: 0 } });
        const repaired = latest().audit.flatMap((entry) =>
          entry.what === "repair" && entry.outcome === "repaired" ? [entry.key] : [],
        );
        expect({ kills, repaired: repaired.sort() }).toEqual({ kills, repaired: keys });
      }
      expect(kills).toBeGreaterThan(40);
    },
    120_000,
  );
});

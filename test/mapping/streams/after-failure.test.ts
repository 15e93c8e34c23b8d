import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { afterFailure, type Piece } from "../../../local/mapping/streams/after-failure.ts";
import { createProgress } from "../../../local/mapping/streams/progress.ts";

describe("afterFailure", () => {
  it("loses nothing, keeps the order and comes to an end, whatever fails and is named", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 39 })),
        fc.integer({ min: 0, max: 3 }),
        fc.boolean(),
        fc.func(fc.boolean()),
        (size, poisonous, retries, bisect, reports) => {
          const poison = new Set(poisonous);
          const handled: number[] = [];
          const discarded: number[] = [];
          let tries = 0;
          let pieces: readonly Piece<number>[] = [
            { entries: Array.from({ length: size }, (_, index) => index), failures: 0 },
          ];
          for (let [piece] = pieces; piece !== undefined; [piece] = pieces) {
            expect(++tries).toBeLessThan(1_000);
            const others = pieces.slice(1);
            const { entries, failures } = piece;
            const first = entries.findIndex((entry) => poison.has(entry));
            if (failures > retries) {
              discarded.push(...entries);
              pieces = others;
            } else if (first < 0) {
              handled.push(...entries);
              pieces = others;
            } else {
              const named = reports(tries) ? first : 0;
              handled.push(...entries.slice(0, named));
              pieces = [...afterFailure(piece, named, bisect), ...others];
            }
          }
          const all = [...handled, ...discarded].sort((a, b) => a - b);

          expect(all).toEqual(Array.from({ length: size }, (_, index) => index));
          expect(handled).toEqual([...handled].sort((a, b) => a - b));
          expect(handled.some((entry) => poison.has(entry))).toBe(false);
          // Cut as small as that, nobody else is given up with those to blame.
          if (bisect) expect(discarded.every((entry) => poison.has(entry))).toBe(true);
        },
      ),
    );
  });
});

describe("createProgress", () => {
  it("is never beyond what is not settled, and in the end behind all", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(
          Array.from({ length: 60 }, (_, index) => index),
          { minLength: 60 },
        ),
        (order) => {
          const entries = order.map((_, index) => ({ position: String(index) }));
          const settled = new Set<number>();
          let reached = -1;
          const progress = createProgress<{ position: string }>((position) => {
            expect(Number(position)).toBeGreaterThan(reached);
            reached = Number(position);
          });
          for (const entry of entries) progress.add(entry);
          for (const index of order) {
            settled.add(index);
            progress.settle([entries[index] as { position: string }]);
            const firstOpen = entries.findIndex((_, at) => !settled.has(at));
            expect(reached).toBe(firstOpen < 0 ? entries.length - 1 : firstOpen - 1);
          }

          expect(progress.open).toBe(0);
        },
      ),
    );
  });

  it("forgets what lies behind it, over any length", () => {
    const reached: string[] = [];
    const progress = createProgress<{ position: string }>((position) => reached.push(position));
    for (let index = 0; index < 10_000; index++) {
      const entry = { position: String(index) };
      progress.add(entry);
      progress.settle([entry]);
    }

    expect([reached.length, reached.at(-1), progress.open]).toEqual([10_000, "9999", 0]);
  });
});

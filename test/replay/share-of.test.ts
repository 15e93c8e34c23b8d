import { describe, expect, it } from "@jest/globals";
import { shareOf } from "../../src/replay/share-of.ts";

describe("shareOf", () => {
  it("gives each share about as many keys", () => {
    for (const shares of [2, 3, 8, 50]) {
      const counts = new Array<number>(shares).fill(0);
      for (let nth = 0; nth < shares * 1_000; nth++) {
        const share = shareOf(`customer-${nth}`, shares);
        counts[share] = (counts[share] ?? 0) + 1;
      }
      expect(Math.min(...counts)).toBeGreaterThan(800);
      expect(Math.max(...counts)).toBeLessThan(1_200);
    }
  });

  it("never changes its mind: replays that are under way go on with it", () => {
    expect(["", "k-1", "Zoë", "/shop/o-0001"].map((key) => shareOf(key, 7))).toEqual([4, 1, 2, 3]);
  });
});

import { describe, expect, it } from "@jest/globals";
import { partsInTurn } from "../../src/limits/parts-in-turn.ts";

describe("partsInTurn", () => {
  it("begins with one by chance, and asks those with the fewest starts first", () => {
    const parts = partsInTurn([1, 1, 1], { random: () => 0.5 });

    expect(parts.order()).toEqual([1, 2, 0]);
    parts.took(1, 10);
    expect(parts.order()).toEqual([2, 0, 1]);
    parts.took(2, 4);
    parts.took(0, 7);
    expect(parts.order()).toEqual([2, 0, 1]);
    parts.took(2, 7);
    expect(parts.order()).toEqual([0, 1, 2]);
  });

  it("asks uneven parts as often as each is fast", () => {
    const parts = partsInTurn([2, 2, 2, 1], { random: () => 0 });

    const taken = [0, 0, 0, 0];
    for (let turn = 0; turn < 70; turn++) {
      const [part = 0] = parts.order();
      parts.took(part, 2);
      taken[part] = (taken[part] ?? 0) + 1;
    }

    expect(taken).toEqual([20, 20, 20, 10]);
  });

  it("has one part where a limit is not split", () => {
    expect(partsInTurn([1], { random: () => 0.99 }).order()).toEqual([0]);
  });
});

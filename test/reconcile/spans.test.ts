import { describe, expect, it } from "@jest/globals";
import { mergeSpans, withoutSpan } from "../../src/reconcile/spans.ts";

const span = (fromMs: number, toMs: number) => ({ fromMs, toMs });

describe("mergeSpans", () => {
  it("makes one of what touches, overlaps or lies inside, in order", () => {
    expect(mergeSpans([span(7, 9), span(1, 3), span(3, 4), span(8, 12), span(2, 3), span(5, 5)])).toEqual([
      span(1, 4),
      span(7, 12),
    ]);
  });

  it("keeps 500 at most: what is nearest becomes one, the rest stays as it is", () => {
    const spans = Array.from({ length: 600 }, (_, index) =>
      span(index * 100, index * 100 + 50 + (index % 6) * 5),
    );

    const merged = mergeSpans(spans);

    expect(merged).toHaveLength(500);
    // A hundred times the narrowest gap is closed, and nothing else.
    const length = (all: readonly { fromMs: number; toMs: number }[]) =>
      all.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
    expect(length(merged)).toBe(length(spans) + 99 * 25 + 30);
    expect(
      spans.every((one) => merged.some(({ fromMs, toMs }) => fromMs <= one.fromMs && toMs >= one.toMs)),
    ).toBe(true);
    expect(mergeSpans(merged)).toEqual(merged);
  });
});

describe("withoutSpan", () => {
  it("takes a part out, wherever it lies", () => {
    expect(withoutSpan([span(0, 10), span(20, 30)], span(5, 22))).toEqual([span(0, 5), span(22, 30)]);
    expect(withoutSpan([span(0, 10)], span(3, 4))).toEqual([span(0, 3), span(4, 10)]);
    expect(withoutSpan([span(0, 10)], span(-5, 10))).toEqual([]);
    expect(withoutSpan([span(0, 10)], span(10, 20))).toEqual([span(0, 10)]);
  });
});

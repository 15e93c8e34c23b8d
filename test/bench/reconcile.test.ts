import { describe, expect, it } from "@jest/globals";
import { measureRows } from "../../bench/reconcile/bench.ts";
import { judge } from "../../bench/reconcile/verdict.ts";

const small = { sizes: [1_000, 4_000], differences: [0, 10] };

const measured = measureRows(small);

describe("npm run bench -- reconcile", () => {
  it("finds all that was injected, and reads little for it", async () => {
    const rows = await measured;

    expect(judge(rows, 10).failures).toEqual([]);
    expect(rows.map(({ n, d, found, fullFound }) => [n, d, found, fullFound])).toEqual([
      [1_000, 0, 0, 0],
      [1_000, 10, 10, 10],
      [4_000, 0, 0, 0],
      [4_000, 10, 10, 10],
    ]);
    for (const { n, d, sealingReads, itemsRead, digestsRead, fullItemsRead, bytes } of rows) {
      expect(sealingReads).toBe(d === 0 ? 2 * n : 2 * n + 2);
      expect(fullItemsRead).toBeGreaterThanOrEqual(2 * n);
      if (d === 0) expect([itemsRead, digestsRead]).toEqual([0, 2]);
      expect(bytes).toBeGreaterThan(0);
    }
  }, 240_000);

  it("fails a reconciler that reads everything", async () => {
    const rows = await measureRows({ ...small, differences: [10], reconciler: "fullCompare" });

    expect(judge(rows, 10).failures).toEqual([
      expect.stringContaining("items read grow by N to the"),
      expect.stringContaining("times fewer items"),
    ]);
  }, 240_000);

  it("fails a reconciler that misses a difference, or needs too much memory", async () => {
    const rows = (await measured).filter(({ d }) => d === 10);

    const [first, ...rest] = rows.map((row) => ({ ...row, peakMemoryMb: 100 }));
    if (!first) throw new Error("no row");
    expect(judge([{ ...first, found: 9 }, ...rest], 10).failures).toEqual([
      "N 1000: 9 of 10 differences found",
    ]);
    expect(judge([{ ...first, peakMemoryMb: 201 }, ...rest], 10).failures).toEqual([
      "201 MB of memory at the peak, more than 200",
    ]);
  }, 240_000);
});

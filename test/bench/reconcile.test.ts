import { describe, expect, it } from "@jest/globals";
import { measureRows } from "../../bench/reconcile/bench.ts";
import { dynamoRows, postgresRows } from "../../bench/reconcile/measure-costs.ts";
import { judge, judgeScans, judgeUnits } from "../../bench/reconcile/verdict.ts";

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

describe("npm run bench -- reconcile, in the databases' own units", () => {
  const few = { sizes: [1_000, 2_000], differences: [10] };

  it("finds all in DynamoDB, for read units that hardly grow, and fails who reads everything", async () => {
    const rows = await dynamoRows("dynoxide", few);
    // What reading all costs is in the rows: who does it would be told so.
    const planted = rows.map((row) => ({ ...row, readUnits: row.fullReadUnits }));

    expect(judgeUnits(rows, 10).failures).toEqual([]);
    expect(rows.map(({ found, fullFound }) => [found, fullFound])).toEqual([
      [10, 10],
      [10, 10],
    ]);
    for (const { readUnits, sealingReadUnits, sealingWriteUnits, fullReadUnits } of rows) {
      for (const units of [readUnits, sealingReadUnits, sealingWriteUnits, fullReadUnits]) {
        expect(units).toBeGreaterThan(0);
      }
    }
    expect(judgeUnits(planted, 10).failures).toEqual([
      expect.stringContaining("read units grow by N to the"),
    ]);
  }, 240_000);

  it("finds all in PostgreSQL, by rows that it scans by its own plans", async () => {
    const rows = await postgresRows(few);

    expect(judgeScans(rows, 10).failures).toEqual([]);
    for (const [index, { rowsScanned, sealingRowsScanned, fullRowsScanned }] of rows.entries()) {
      expect(fullRowsScanned).toBe(2 * (few.sizes[index] ?? 0) + 2);
      expect(sealingRowsScanned).toBeGreaterThan(few.sizes[index] ?? 0);
      expect(rowsScanned).toBeGreaterThan(1_440);
    }
  }, 240_000);

  it("fails what is not found, grows, or costs no less than reading all", () => {
    const row = (n: number, rowsScanned: number) => ({
      n,
      d: 100,
      found: 100,
      fullFound: 100,
      itemsRead: 1,
      digestsRead: 1,
      rowsScanned,
      sealingRowsScanned: n,
      ms: 1,
      sealingMs: 1,
      fullRowsScanned: 2 * n,
      fullMs: 1,
    });

    expect(judgeScans([row(10_000, 9_000), row(100_000, 12_000)])).toEqual({
      exponent: 0.125,
      fewer: 16.67,
      failures: [],
    });
    expect(judgeScans([row(10_000, 9_000), { ...row(100_000, 12_000), found: 99 }]).failures).toEqual([
      "N 100000: 99 of 100 differences found (rows scanned)",
    ]);
    expect(judgeScans([row(10_000, 9_000), row(100_000, 16_000)]).failures).toEqual([
      "rows scanned grow by N to the 0.250, more than 0.15",
    ]);
    expect(judgeScans([row(10_000, 15_000), row(100_000, 17_000)]).failures).toEqual([
      "N 100000: 11.76 times fewer rows scanned than for reading all, not 12",
    ]);
    expect(() => judgeScans([row(10_000, 9_000)])).toThrow(/rows of two sizes with 100 differences/);
  });
});

import type { DynamoRow, PostgresRow, Row } from "./row.ts";

/** What is promised of the largest books, at a hundred differences. */
const promised = { n: 1_000_000, d: 100, itemsFewer: 600, bytesFewer: 20 };
const maxExponent = 0.15;
const maxMemoryMb = 200;

export interface Verdict {
  /** How the items read grow with N: by N to this power, between the smallest and the largest books. */
  readonly exponent: number;
  readonly peakMemoryMb: number;
  readonly failures: readonly string[];
}

/**
 * Judges rows. With books smaller than the promise speaks of, a hundred differences are a larger part of all: then as much
 * less is asked for.
 */
export function judge(rows: readonly Row[], d = promised.d): Verdict {
  const ofD = rows.filter((row) => row.d === d).sort((one, other) => one.n - other.n);
  const [smallest, largest] = [ofD[0], ofD.at(-1)];
  if (!smallest || !largest || smallest === largest) {
    throw new Error(`rows of two sizes with ${d} differences are needed to judge growth`);
  }
  const exponent = Math.log(largest.itemsRead / smallest.itemsRead) / Math.log(largest.n / smallest.n);
  const peakMemoryMb = Math.max(...rows.map((row) => row.peakMemoryMb));
  const scale = Math.min(1, (largest.n / largest.d / promised.n) * promised.d);
  const failures: string[] = [];
  const must = (held: boolean, text: string) => {
    if (!held) failures.push(text);
  };
  for (const { n, d: injected, found, fullFound } of rows) {
    must(found === injected, `N ${n}: ${found} of ${injected} differences found`);
    must(fullFound === injected, `N ${n}: the full comparison found ${fullFound} of ${injected} differences`);
  }
  must(
    exponent <= maxExponent,
    `items read grow by N to the ${exponent.toFixed(3)}, more than ${maxExponent}`,
  );
  const fewer = (name: string, full: number, ours: number, times: number) =>
    must(
      full / ours >= times * scale,
      `N ${largest.n}: ${(full / ours).toFixed(1)} times fewer ${name} than the full comparison, not ${times * scale}`,
    );
  fewer("items", largest.fullItemsRead, largest.itemsRead, promised.itemsFewer);
  fewer("bytes", largest.fullBytes, largest.bytes, promised.bytesFewer);
  must(peakMemoryMb <= maxMemoryMb, `${peakMemoryMb} MB of memory at the peak, more than ${maxMemoryMb}`);
  return { exponent: Math.round(exponent * 1_000) / 1_000, peakMemoryMb, failures };
}

/** A row whose cost is told in a database's own unit. */
interface CostRow {
  readonly n: number;
  readonly d: number;
  readonly found: number;
  readonly fullFound: number;
}

export interface CostVerdict {
  /** How the cost grows with N: by N to this power, between the smallest and the largest books. */
  readonly exponent: number;
  /** How many times less than reading all it is, on the largest books. */
  readonly fewer: number;
  readonly failures: readonly string[];
}

/** Entries of books whose costs are held against those of reading all. */
const judgedFrom = 100_000;

/** Small items are read by the dozen for one unit, one of them alone for a whole one: so it is not more times less. */
export function judgeUnits(rows: readonly DynamoRow[], d?: number): CostVerdict {
  const unit = "read units";
  return judgeCosts(rows, {
    unit,
    cost: (row) => row.readUnits,
    full: (row) => row.fullReadUnits,
    fewer: 3,
    d,
  });
}

export function judgeScans(rows: readonly PostgresRow[], d?: number): CostVerdict {
  const unit = "rows scanned";
  return judgeCosts(rows, {
    unit,
    cost: (row) => row.rowsScanned,
    full: (row) => row.fullRowsScanned,
    fewer: 12,
    d,
  });
}

/**
 * Judges what a comparison costs in a database's own unit: it hardly grows with N, as windows are split a few times more; and
 * it is `fewer` times less than reading all, from 100,000 entries on.
 */
function judgeCosts<Row extends CostRow>(
  rows: readonly Row[],
  {
    unit,
    cost,
    full,
    fewer,
    d = promised.d,
  }: {
    /** As failures name it. */
    readonly unit: string;
    readonly cost: (row: Row) => number;
    readonly full: (row: Row) => number;
    readonly fewer: number;
    readonly d?: number | undefined;
  },
): CostVerdict {
  const ofD = rows.filter((row) => row.d === d).sort((one, other) => one.n - other.n);
  const [smallest, largest] = [ofD[0], ofD.at(-1)];
  if (!smallest || !largest || smallest === largest) {
    throw new Error(`rows of two sizes with ${d} differences are needed to judge growth`);
  }
  const exponent = Math.log(cost(largest) / cost(smallest)) / Math.log(largest.n / smallest.n);
  const times = full(largest) / cost(largest);
  const failures: string[] = [];
  for (const { n, d: injected, found, fullFound } of rows) {
    if (found !== injected) failures.push(`N ${n}: ${found} of ${injected} differences found (${unit})`);
    if (fullFound !== injected) {
      failures.push(`N ${n}: the full comparison found ${fullFound} of ${injected} differences (${unit})`);
    }
  }
  if (!(exponent <= maxExponent)) {
    failures.push(`${unit} grow by N to the ${exponent.toFixed(3)}, more than ${maxExponent}`);
  }
  // What does not grow with N at all is most of it in smaller books.
  if (largest.n >= judgedFrom && !(times >= fewer)) {
    failures.push(
      `N ${largest.n}: ${times.toFixed(2)} times fewer ${unit} than for reading all, not ${fewer}`,
    );
  }
  return {
    exponent: Math.round(exponent * 1_000) / 1_000,
    fewer: Math.round(times * 100) / 100,
    failures,
  };
}

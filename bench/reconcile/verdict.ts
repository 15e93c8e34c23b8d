import type { Row } from "./row.ts";

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

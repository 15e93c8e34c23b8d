/** A contender's figures, by name. */
export type Figures = Readonly<Record<string, number>>;

/**
 * Runs every contender once, then every contender again, `runs` times, so that a busy minute of the machine meets
 * all of them; answers the median of each figure.
 */
export async function interleave<Name extends string>(
  contenders: readonly Name[],
  runs: number,
  run: (name: Name) => Promise<Figures>,
  tell: (line: string) => void,
): Promise<Record<Name, Figures>> {
  const seen = new Map<Name, Figures[]>(contenders.map((name) => [name, []]));
  for (let round = 1; round <= runs; round++) {
    for (const name of contenders) {
      const figures = await run(name);
      seen.get(name)?.push(figures);
      const shown = Object.entries(figures).map(([figure, value]) => `${figure} ${round2(value)}`);
      tell(`run ${round} of ${runs}: ${name} ${shown.join(", ")}`);
    }
  }
  return Object.fromEntries([...seen].map(([name, all]) => [name, medians(all)])) as Record<Name, Figures>;
}

/** The median of each figure over all runs. */
export function medians(all: readonly Figures[]): Figures {
  const names = Object.keys(all[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, round2(median(all.map((one) => one[name] ?? NaN)))]));
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}

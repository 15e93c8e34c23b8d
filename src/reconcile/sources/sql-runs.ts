import { keyLevel, rangeLevelOf, rangeLevels, spanLevel, sums } from "./sql-levels.ts";

/** Whole spans, with all buckets (`toSpan` beyond `fromSpan`); or buckets of one (`toSpan` the same). */
export interface Part {
  readonly fromSpan: number;
  readonly toSpan: number;
  readonly fromBucket: number;
  readonly toBucket: number;
}

/** Parts of one width, side by side: they are summed up by one reading of an index. */
export interface Run extends Part {
  /** Rows of which level tell of them, where that is kept. */
  readonly level: number;
  /** The first one's place among all parts. */
  readonly first: number;
  readonly count: number;
  /** Spans or buckets of each part; the last one may have fewer. */
  readonly step: number;
}

/** Parts as runs, in the same order. */
export function runsOf(parts: readonly Part[]): readonly Run[] {
  const runs: { -readonly [name in keyof Run]: Run[name] }[] = [];
  for (const [first, part] of parts.entries()) {
    const last = runs.at(-1);
    const level = levelOf(part);
    const step = level === spanLevel ? part.toSpan - part.fromSpan : part.toBucket - part.fromBucket;
    if (last?.level === level && step <= last.step && followsOn(last, part)) {
      last.count++;
      last.toSpan = part.toSpan;
      last.toBucket = part.toBucket;
    } else runs.push({ ...part, level, first, count: 1, step });
  }
  return runs;
}

/**
 * A select of a row for each part of a run that holds anything; and, where it is of buckets, of one row (part -1) that tells
 * whether their span is sealed. `w` is the table of one source.
 */
export function sumsOf({ level, fromSpan, toSpan, fromBucket, toBucket, step }: Run, id: number): string {
  const summed = `sum(entries) AS entries, ${sums((word) => `s${word}`)}`;
  if (level === spanLevel) {
    return `SELECT ${id} AS id, (span - ${fromSpan}) / ${step} AS part, ${summed}, count(*) AS spans
      FROM w WHERE level = ${level} AND span >= ${fromSpan} AND span < ${toSpan} GROUP BY 2`;
  }
  const ofSpan = `FROM w WHERE level = ${spanLevel} AND span = ${fromSpan}`;
  const least = rangeLevels.find((one) => one.level === level)?.least;
  const kept =
    least === undefined
      ? String(keyLevel)
      : `(SELECT CASE WHEN entries >= ${least} THEN ${level} ELSE ${keyLevel} END ${ofSpan})`;
  return `SELECT ${id} AS id, (bucket - ${fromBucket}) / ${step} AS part, ${summed}, 0 AS spans
      FROM w WHERE level = ${kept} AND span = ${fromSpan} AND bucket >= ${fromBucket} AND bucket < ${toBucket} GROUP BY 2
    UNION ALL SELECT ${id}, -1, 0, 0, 0, 0, 0, count(*) ${ofSpan}`;
}

function levelOf({ fromSpan, toSpan, fromBucket, toBucket }: Part): number {
  if (toSpan > fromSpan) return spanLevel;
  return rangeLevelOf(fromBucket, toBucket)?.level ?? keyLevel;
}

/** Whether a part begins where a run ends, none of whose parts is shorter than the others. */
function followsOn({ level, fromSpan, toSpan, fromBucket, toBucket, count, step }: Run, part: Part): boolean {
  if (level === spanLevel) return part.fromSpan === toSpan && toSpan === fromSpan + count * step;
  return part.fromSpan === fromSpan && part.fromBucket === toBucket && toBucket === fromBucket + count * step;
}

import { buckets, type Digest, emptyDigest, textOf } from "../../digest/index.ts";
import type { SqlRow } from "./sql-database.ts";

/**
 * What is kept of a sealed span: a row for the span (level 0), one for each key (level 9), and between them rows for ranges
 * of buckets, sixteen times finer from level to level. A level is kept where a span holds at least four times as many
 * entries as it has ranges: so rows are few, and no split of a window reads more than 64 of them.
 */
export const spanLevel = 0;
export const keyLevel = 9;
export const rangeLevels = [28, 24, 20, 16].map((bits, index) => ({
  level: index + 1,
  bits,
  /** Entries that a span must hold at least. */
  least: 4 * 2 ** (32 - bits),
}));
export const allLevels = [spanLevel, ...rangeLevels.map(({ level }) => level), keyLevel];

/** The level whose ranges these buckets are made of, the coarsest one; `undefined`: of keys alone. */
export function rangeLevelOf(fromBucket: number, toBucket: number) {
  return rangeLevels.find(({ bits }) => fromBucket % 2 ** bits === 0 && toBucket % 2 ** bits === 0);
}

/** Four sums of words, as the columns `s0` to `s3`. */
export function sums(word: (nth: number) => string): string {
  return [0, 1, 2, 3].map((nth) => `coalesce(sum(${word(nth)}), 0) % ${buckets} AS s${nth}`).join(", ");
}

export function digestOfRow(row: SqlRow): Digest {
  const count = Number(row.entries);
  if (count === 0) return emptyDigest;
  return { count, sum: textOf(Uint32Array.from([row.s0, row.s1, row.s2, row.s3], Number)) };
}

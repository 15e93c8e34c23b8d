import { buckets } from "../../digest/index.ts";
import type { SqlDialect } from "./sql-dialect.ts";
import { keyLevel, rangeLevels, spanLevel, sums } from "./sql-levels.ts";
import type { SqlRows } from "./sql-rows.ts";

/** About as many rows are sealed by one statement, and no more spans. */
const rowsAtOnce = 10_000;
const spansAtOnce = 1_000;

/** The statements that seal spans of a table; a source's name is their one parameter, as often as it stands there. */
export function sealingStatements({
  rows,
  sql,
  table,
  spanMs,
}: {
  readonly rows: SqlRows;
  readonly sql: SqlDialect;
  /** Of the windows. */
  readonly table: string;
  readonly spanMs: number;
}) {
  const words = [0, 1, 2, 3];
  const into = `INSERT INTO ${table} AS t (source, level, span, bucket, tail, entry_key, entries, s0, s1, s2, s3)`;
  return {
    /** How many rows each span holds. */
    count: (fromSpan: number, toSpan: number) =>
      `SELECT ${rows.span} AS at_span, count(*) AS entries FROM ${rows.from}
       WHERE ${rows.between(fromSpan * spanMs, toSpan * spanMs)} GROUP BY 1`,

    /** A row for each key of a time, and each of its spans. */
    keys: (fromMs: number, toMs: number) => `WITH
      raw AS MATERIALIZED (SELECT ${rows.span} AS at_span, ${rows.key} AS k, ${rows.hash} AS h
        FROM ${rows.from} WHERE ${rows.between(fromMs, toMs)}),
      hashed AS MATERIALIZED (SELECT at_span, k, ${sql.word("h", 0)} AS at, ${sql.word("h", 1)} AS key_tail,
        ${words.map((word) => `${sql.word("h", word + 2)} AS s${word}`).join(", ")} FROM raw)
      ${into} SELECT ${sql.parameter(1)}, ${keyLevel}, at_span, at, key_tail, k, count(*), ${sums((word) => `s${word}`)}
      FROM hashed WHERE true GROUP BY at_span, at, key_tail, k
      ON CONFLICT (source, level, span, bucket, tail) DO UPDATE SET entries = t.entries + excluded.entries,
        ${words.map((word) => `s${word} = (t.s${word} + excluded.s${word}) % ${buckets}`).join(", ")}`,

    /** Ranges out of keys, and a row for each span, also when nothing is in it: from then on it is sealed. */
    spans: (fromSpan: number, toSpan: number) => `WITH
      kept AS (SELECT column1 AS level, column2 AS bits, column3 AS least FROM (VALUES
        (${spanLevel}, 32, 0), ${rangeLevels.map(({ level, bits, least }) => `(${level}, ${bits}, ${least})`).join(", ")}) AS v),
      found AS (
        SELECT span, bucket, entries, s0, s1, s2, s3 FROM ${table}
        WHERE source = ${sql.parameter(1)} AND level = ${keyLevel} AND span >= ${fromSpan} AND span < ${toSpan}
        UNION ALL SELECT column1, 0, 0, 0, 0, 0, 0 FROM (VALUES ${spansFrom(fromSpan, toSpan)
          .map((span) => `(${span})`)
          .join(", ")}) AS v),
      totals AS (SELECT span AS of_span, sum(entries) AS total FROM found GROUP BY span)
      ${into} SELECT ${sql.parameter(2)}, level, span, (bucket >> bits) << bits AS at, 0, '', sum(entries), ${sums((word) => `s${word}`)}
      FROM found JOIN totals ON of_span = span JOIN kept ON total >= least
      WHERE entries > 0 OR level = ${spanLevel} GROUP BY level, span, at`,
  };
}

/** Spans that are sealed by one statement, as they hold few rows; or one that holds more. */
export function togetherOf(fromSpan: number, toSpan: number, counts: ReadonlyMap<number, number>) {
  const all: { from: number; to: number; entries: number }[] = [];
  for (const span of spansFrom(fromSpan, toSpan)) {
    const entries = counts.get(span) ?? 0;
    const last = all.at(-1);
    if (last && last.entries + entries <= rowsAtOnce && last.to - last.from < spansAtOnce) {
      last.to = span + 1;
      last.entries += entries;
    } else all.push({ from: span, to: span + 1, entries });
  }
  return all;
}

/** A time in parts that hold about 10,000 rows each, if they lie evenly: what a statement holds in memory hangs on it. */
export function* partsOfTime(fromMs: number, toMs: number, entries: number) {
  if (entries === 0) return;
  const step = Math.ceil((toMs - fromMs) / Math.ceil(entries / rowsAtOnce));
  for (let atMs = fromMs; atMs < toMs; atMs += step) {
    yield { fromMs: atMs, toMs: Math.min(toMs, atMs + step) };
  }
}

function spansFrom(fromSpan: number, toSpan: number): readonly number[] {
  return Array.from({ length: toSpan - fromSpan }, (_, index) => fromSpan + index);
}

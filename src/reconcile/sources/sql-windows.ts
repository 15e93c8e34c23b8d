import { buckets, type Digest, emptyDigest, textOf } from "../../digest/index.ts";
import type { Window } from "../ports.ts";
import type { SqlDatabase, SqlRow } from "./sql-database.ts";
import { dialects } from "./sql-dialect.ts";
import type { SqlRows } from "./sql-rows.ts";

/**
 * What is kept of a sealed span, three levels deep: a row for the span, one for each leaf of 2²⁴ buckets that holds
 * anything, one for each key. Digests of whole spans read rows of the first level, those of wide ranges of buckets leaves,
 * those of narrow ones keys.
 */
const levels = { span: 0, leaf: 1, key: 2 } as const;
const leafBits = 24;
const leafWidth = 2 ** leafBits;
/** SQLite puts at most 500 selects together. */
const partsAtOnce = 200;
/** About as many rows are sealed by one statement. */
const rowsAtOnce = 10_000;

/** Whole spans, with all buckets (`toSpan` beyond `fromSpan`); or buckets of one (`toSpan` the same). */
export interface Part {
  readonly fromSpan: number;
  readonly toSpan: number;
  readonly fromBucket: number;
  readonly toBucket: number;
}

/** The sealed windows of one source. */
export function sealedWindows({
  database,
  source,
  rows,
  spanMs,
  table,
}: {
  readonly database: SqlDatabase;
  readonly source: string;
  readonly rows: SqlRows;
  readonly spanMs: number;
  readonly table: string;
}) {
  const sql = dialects[database.dialect];
  let made: Promise<unknown> | undefined;
  /** Every statement comes after the table is there. */
  const query = async (text: string, parameters: readonly string[]) => {
    made ??= database.query(tableOf(table), []);
    try {
      await made;
    } catch (error) {
      made = undefined;
      throw error;
    }
    return database.query(text, parameters);
  };
  const ofSource = (alias: string, nth: number) => `${alias}.source = ${sql.parameter(nth)}`;
  const sealedSpans = (from: string | number, to: string | number, nth: number) =>
    `SELECT count(*) AS spans, coalesce(sum(z.entries), 0) AS entries FROM ${table} AS z
     WHERE ${ofSource("z", nth)} AND z.level = ${levels.span} AND z.span >= ${from} AND z.span < ${to}`;

  const into = `INSERT INTO ${table} AS t (source, level, span, bucket, tail, entry_key, entries, s0, s1, s2, s3)`;
  /** A row for each key of a part of a span. */
  const sealKeys = (span: number, fromMs: number, toMs: number) => `WITH
    raw AS MATERIALIZED (SELECT ${rows.key} AS k, ${rows.hash} AS h FROM ${rows.from} WHERE ${rows.between(fromMs, toMs)}),
    hashed AS MATERIALIZED (SELECT k, ${sql.word("h", 0)} AS at, ${sql.word("h", 1)} AS key_tail,
      ${[0, 1, 2, 3].map((word) => `${sql.word("h", word + 2)} AS s${word}`).join(", ")} FROM raw)
    ${into} SELECT ${sql.parameter(1)}, ${levels.key}, ${span}, at, key_tail, k, count(*), ${sums((word) => `s${word}`)}
    FROM hashed WHERE true GROUP BY at, key_tail, k
    ON CONFLICT (source, level, span, bucket, tail) DO UPDATE SET entries = t.entries + excluded.entries,
      ${[0, 1, 2, 3].map((word) => `s${word} = (t.s${word} + excluded.s${word}) % ${buckets}`).join(", ")}`;
  /** Leaves out of keys, and a row for the span, also when nothing is in it: from then on it is sealed. */
  const sealSpan = (span: number) => `WITH
    found AS (
      SELECT bucket, entries, s0, s1, s2, s3 FROM ${table}
      WHERE source = ${sql.parameter(1)} AND level = ${levels.key} AND span = ${span}
      UNION ALL SELECT 0, 0, 0, 0, 0, 0)
    ${into} SELECT ${sql.parameter(2)}, level, ${span},
      CASE level WHEN ${levels.leaf} THEN (bucket >> ${leafBits}) << ${leafBits} ELSE 0 END AS at, 0, '',
      sum(entries), ${sums((word) => `s${word}`)}
    FROM found CROSS JOIN (SELECT ${levels.span} AS level UNION ALL SELECT ${levels.leaf}) AS levels
    WHERE entries > 0 OR level = ${levels.span} GROUP BY level, at`;

  return {
    /** Reads the rows of these spans once; answers how many there were. */
    async seal(fromSpan: number, toSpan: number): Promise<number> {
      await query(
        `DELETE FROM ${table} WHERE source = ${sql.parameter(1)} AND level IN (0, 1, 2) AND span >= ${fromSpan} AND span < ${toSpan}`,
        [source],
      );
      let read = 0;
      for (let span = fromSpan; span < toSpan; span++) {
        const [startMs, endMs] = [span * spanMs, (span + 1) * spanMs];
        const [counted] = await query(
          `SELECT count(*) AS entries FROM ${rows.from} WHERE ${rows.between(startMs, endMs)}`,
          [],
        );
        const entries = Number(counted?.entries);
        read += entries;
        // A full span goes part by part: what a statement holds in memory hangs on it.
        const step = Math.ceil(spanMs / Math.max(1, Math.ceil(entries / rowsAtOnce)));
        for (let fromMs = startMs; fromMs < endMs; fromMs += step) {
          await query(sealKeys(span, fromMs, Math.min(endMs, fromMs + step)), [source]);
        }
        await query(sealSpan(span), [source, source]);
      }
      return read;
    },

    /** The digest of each part, by one statement for up to 200 of them; `undefined` where a span is not sealed. */
    async sums(parts: readonly Part[]): Promise<readonly (Digest | undefined)[]> {
      const digests: (Digest | undefined)[] = parts.map(() => undefined);
      for (let at = 0; at < parts.length; at += partsAtOnce) {
        // One range of the index each, told in numbers: joined to a table of ranges, PostgreSQL reads the whole index.
        const selects = parts.slice(at, at + partsAtOnce).map((part, index) => sumOf(part, at + index));
        const asked = `WITH w AS NOT MATERIALIZED (SELECT * FROM ${table} WHERE source = ${sql.parameter(1)})`;
        for (const row of await query(`${asked} ${selects.join(" UNION ALL ")}`, [source])) {
          const part = parts[Number(row.id)];
          if (!part || Number(row.spans) !== Math.max(1, part.toSpan - part.fromSpan)) continue;
          digests[Number(row.id)] = digestOfRow(row);
        }
      }
      return digests;
    },

    /** Whether all spans that a window touches are sealed. */
    async covers({ fromMs, toMs }: Window): Promise<boolean> {
      const [from, to] = [Math.floor(fromMs / spanMs), Math.ceil(toMs / spanMs)];
      const [found] = await query(sealedSpans(from, to, 1), [source]);
      return Number(found?.spans) === to - from;
    },

    /** The rows of the keys that were sealed in a window: as they are now. */
    async rowsOf({ fromMs, toMs, fromBucket, toBucket }: Window, limit: string): Promise<readonly SqlRow[]> {
      const [from, to] = [Math.floor(fromMs / spanMs), Math.ceil(toMs / spanMs)];
      const span = to - from === 1 ? `w.span = ${from}` : `w.span >= ${from} AND w.span < ${to}`;
      const inBuckets =
        fromBucket <= 0 && toBucket >= buckets
          ? ""
          : ` AND w.bucket >= ${fromBucket} AND w.bucket < ${toBucket}`;
      return query(
        `SELECT ${rows.columns} FROM ${table} AS w JOIN ${rows.from} ON ${rows.hasKey("w.entry_key")}
         WHERE ${ofSource("w", 1)} AND w.level = ${levels.key} AND ${span}${inBuckets}
           AND ${rows.between(`w.span * ${spanMs}`, `(w.span + 1) * ${spanMs}`)} AND ${rows.between(fromMs, toMs)}
         ORDER BY w.span, w.bucket, ${rows.order} ${limit}`,
        [source],
      );
    },
  };
}

function sumOf({ fromSpan, toSpan, fromBucket, toBucket }: Part, id: number): string {
  const summed = `SELECT ${id} AS id, coalesce(sum(entries), 0) AS entries, ${sums((word) => `s${word}`)}`;
  if (toSpan > fromSpan) {
    return `${summed}, count(*) AS spans FROM w WHERE level = ${levels.span} AND span >= ${fromSpan} AND span < ${toSpan}`;
  }
  const onGrid = fromBucket % leafWidth === 0 && toBucket % leafWidth === 0;
  return `${summed}, (SELECT count(*) FROM w WHERE level = ${levels.span} AND span = ${fromSpan}) AS spans
    FROM w WHERE level = ${onGrid ? levels.leaf : levels.key} AND span = ${fromSpan}
      AND bucket >= ${fromBucket} AND bucket < ${toBucket}`;
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

function tableOf(table: string): string {
  return `CREATE TABLE IF NOT EXISTS ${table} (
    source text NOT NULL, level bigint NOT NULL, span bigint NOT NULL, bucket bigint NOT NULL, tail bigint NOT NULL,
    entry_key text NOT NULL, entries bigint NOT NULL,
    s0 bigint NOT NULL, s1 bigint NOT NULL, s2 bigint NOT NULL, s3 bigint NOT NULL,
    PRIMARY KEY (source, level, span, bucket, tail))`;
}

import { buckets, type Digest, emptyDigest } from "../../digest/index.ts";
import type { KeyDigest, Window } from "../ports.ts";
import type { SqlDatabase, SqlRow } from "./sql-database.ts";
import { dialects } from "./sql-dialect.ts";
import { allLevels, digestOfRow, keyLevel, spanLevel } from "./sql-levels.ts";
import type { SqlRows } from "./sql-rows.ts";
import { type Part, type Run, runsOf, sumsOf } from "./sql-runs.ts";
import { partsOfTime, sealingStatements, togetherOf } from "./sql-sealing.ts";

/** Runs of parts that one statement sums up. SQLite puts at most 500 selects together. */
const runsAtOnce = 200;

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
     WHERE ${ofSource("z", nth)} AND z.level = ${spanLevel} AND z.span >= ${from} AND z.span < ${to}`;

  const statements = sealingStatements({ rows, sql, table, spanMs });

  return {
    /** Reads the rows of these spans once; answers how many there were. */
    async seal(fromSpan: number, toSpan: number): Promise<number> {
      await query(
        `DELETE FROM ${table} WHERE source = ${sql.parameter(1)} AND level IN (${allLevels.join(", ")})
           AND span >= ${fromSpan} AND span < ${toSpan}`,
        [source],
      );
      const counted = await query(statements.count(fromSpan, toSpan), []);
      const counts = new Map(counted.map((row) => [Number(row.at_span), Number(row.entries)]));
      let read = 0;
      for (const { from, to, entries } of togetherOf(fromSpan, toSpan, counts)) {
        for (const part of partsOfTime(from * spanMs, to * spanMs, entries)) {
          await query(statements.keys(part.fromMs, part.toMs), [source]);
        }
        await query(statements.spans(from, to), [source, source]);
        read += entries;
      }
      return read;
    },

    /** The digest of each part, by one statement for up to 200 runs of them; `undefined` where a span is not sealed. */
    async sums(parts: readonly Part[]): Promise<readonly (Digest | undefined)[]> {
      const digests: (Digest | undefined)[] = parts.map(() => undefined);
      const runs = runsOf(parts);
      for (let at = 0; at < runs.length; at += runsAtOnce) {
        const some = runs.slice(at, at + runsAtOnce);
        // A range of the index each, told in numbers: joined to a table of ranges, PostgreSQL reads the whole index.
        const selects = some.map((run, id) => sumsOf(run, id)).join(" UNION ALL ");
        const asked = `WITH w AS NOT MATERIALIZED (SELECT * FROM ${table} WHERE source = ${sql.parameter(1)}) ${selects}`;
        const rows = await query(asked, [source]);
        const isSealed = new Set(
          rows
            .filter(({ part, spans }) => Number(part) < 0 && Number(spans) === 1)
            .map(({ id }) => Number(id)),
        );
        for (const [id, { level, first, count }] of some.entries()) {
          // Of a sealed span, buckets that hold nothing have no row.
          if (level !== spanLevel && isSealed.has(id)) digests.fill(emptyDigest, first, first + count);
        }
        for (const row of rows) {
          const { level, first, fromSpan, toSpan, step } = some[Number(row.id)] as Run;
          const nth = Number(row.part);
          if (nth < 0) continue;
          const isWhole =
            level === spanLevel
              ? Number(row.spans) === Math.min(step, toSpan - fromSpan - nth * step)
              : isSealed.has(Number(row.id));
          if (isWhole) digests[first + nth] = digestOfRow(row);
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

    /** What was sealed of a window, key by key and span by span, on from a place; `undefined` where a span is not sealed. */
    async keysOf(
      { fromMs, toMs, fromBucket, toBucket }: Window,
      { skip, limit }: { readonly skip: number; readonly limit: number },
    ): Promise<readonly KeyDigest[] | undefined> {
      const [from, to] = [Math.floor(fromMs / spanMs), Math.ceil(toMs / spanMs)];
      const found = await query(
        `SELECT * FROM (SELECT span, entry_key, entries, s0, s1, s2, s3 FROM ${table} AS w
           WHERE ${ofSource("w", 1)} AND w.level = ${keyLevel} AND w.span >= ${from} AND w.span < ${to}
             AND w.bucket >= ${fromBucket} AND w.bucket < ${toBucket}
           ORDER BY w.span, w.bucket, w.tail LIMIT ${limit} OFFSET ${skip}) AS k
         UNION ALL SELECT -1, '', spans, 0, 0, 0, 0 FROM (${sealedSpans(from, to, 2)}) AS sealed`,
        [source, source],
      );
      const isSealed = found.some(
        ({ span, entries }) => Number(span) === -1 && Number(entries) === to - from,
      );
      if (!isSealed) return undefined;
      return found
        .filter(({ span }) => Number(span) !== -1)
        .map((row) => ({
          key: String(row.entry_key),
          digest: digestOfRow(row),
          seenMs: Number(row.span) * spanMs,
        }));
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
         WHERE ${ofSource("w", 1)} AND w.level = ${keyLevel} AND ${span}${inBuckets}
           AND ${rows.between(`w.span * ${spanMs}`, `(w.span + 1) * ${spanMs}`)} AND ${rows.between(fromMs, toMs)}
         ORDER BY w.span, w.bucket, ${rows.order} ${limit}`,
        [source],
      );
    },
  };
}

function tableOf(table: string): string {
  return `CREATE TABLE IF NOT EXISTS ${table} (
    source text NOT NULL, level bigint NOT NULL, span bigint NOT NULL, bucket bigint NOT NULL, tail bigint NOT NULL,
    entry_key text NOT NULL, entries bigint NOT NULL,
    s0 bigint NOT NULL, s1 bigint NOT NULL, s2 bigint NOT NULL, s3 bigint NOT NULL,
    PRIMARY KEY (source, level, span, bucket, tail))`;
}

import { addDigests, buckets, type Digest, type Entry, emptyDigest } from "../../digest/index.ts";
import { mostLookedUp, tooManyEntries } from "../entries-of-keys.ts";
import { keysOf } from "../keys-of.ts";
import type { EntryPage, KeyPage, LedgerSource, Window } from "../ports.ts";
import type { SqlDatabase } from "./sql-database.ts";
import { dialects } from "./sql-dialect.ts";
import { digestOfRow, sums } from "./sql-levels.ts";
import { sqlRows } from "./sql-rows.ts";
import type { SqlTable } from "./sql-table.ts";
import { sealedWindows } from "./sql-windows.ts";

export interface SqlSourceOptions extends SqlTable {
  /** As reports name it, and sealed windows: one name for one table with its key, time and fields. */
  readonly name: string;
  readonly database: SqlDatabase;
  /** That of the comparison. @default an hour */
  readonly spanMs?: number;
  /** Where sealed windows are kept; the table is made when it is not there. @default "omnibus_windows" */
  readonly windowsTable?: string;
  /** Entries on one page. @default 1,000 */
  readonly pageSize?: number;
}

/**
 * A table in SQLite or PostgreSQL as a source. Digests are computed in the database: from sealed windows, which an
 * `INSERT … SELECT` makes of each span's keys and another one of these keys, or from the table itself where a span is not
 * sealed yet. A row that is changed after its span was sealed shows when the span is sealed again.
 *
 * @example
 * const book = sqlSource({
 *   name: "bank-b", database: sqliteDatabase(new DatabaseSync("book.db")),
 *   table: "credits", key: "transfer_id", time: "at_ms",
 *   fields: { cents: { sql: "cents", type: "number" }, account: { sql: "account", type: "string" } },
 * });
 */
export function sqlSource(options: SqlSourceOptions): LedgerSource {
  const { name, database, spanMs = 3_600_000, windowsTable = "omnibus_windows", pageSize = 1_000 } = options;
  const dialect = dialects[database.dialect];
  const rows = sqlRows(options, database.dialect, spanMs);
  const sealed = sealedWindows({ database, source: `${name}@${spanMs}`, rows, spanMs, table: windowsTable });

  /** From the rows themselves: for what is not sealed, and for windows that cut spans. */
  const digestNow = async ({ fromMs, toMs, fromBucket, toBucket }: Window): Promise<Digest> => {
    const [found] = await database.query(
      `WITH hashed AS MATERIALIZED (SELECT ${rows.hash} AS h FROM ${rows.from}
         WHERE ${rows.between(fromMs, toMs)}${rows.inBuckets(fromBucket, toBucket)})
       SELECT count(*) AS entries, ${sums((word) => dialect.word("h", word + 2))} FROM hashed`,
      [],
    );
    return digestOfRow(found ?? {});
  };

  const entries = async (window: Window, cursor?: string): Promise<EntryPage> => {
    const { fromMs, toMs, fromBucket, toBucket } = window;
    const skip = Number(cursor ?? 0);
    const limit = `LIMIT ${pageSize + 1} OFFSET ${skip}`;
    const found = (await sealed.covers(window))
      ? await sealed.rowsOf(window, limit)
      : await database.query(
          `SELECT ${rows.columns} FROM ${rows.from}
           WHERE ${rows.between(fromMs, toMs)}${rows.inBuckets(fromBucket, toBucket)}
           ORDER BY ${rows.order} ${limit}`,
          [],
        );
    const some = found.slice(0, pageSize).map(rows.entryOf);
    return found.length > pageSize ? { entries: some, cursor: String(skip + pageSize) } : { entries: some };
  };

  return {
    name,
    async seal(time) {
      const fromSpan = Math.floor(time.fromMs / spanMs);
      const toSpan = Math.ceil(time.toMs / spanMs);
      return { itemsRead: await sealed.seal(fromSpan, toSpan) };
    },
    async digest(windows) {
      if (windows.length === 0) return [];
      const parts = windows.flatMap((window, index) =>
        partsOf(window, spanMs).map((part) => ({ index, ...part })),
      );
      const found = await sealed.sums(parts);
      const digests: (Digest | undefined)[] = windows.map(() => emptyDigest);
      for (const [at, { index }] of parts.entries()) {
        const digest = found[at];
        const soFar = digests[index];
        digests[index] = digest && soFar && addDigests(soFar, digest);
      }
      const answer: Digest[] = [];
      for (const [index, window] of windows.entries()) {
        const cut = window.fromMs % spanMs !== 0 || window.toMs % spanMs !== 0;
        const digest = cut ? undefined : digests[index];
        answer.push(digest ?? (await digestNow(window)));
      }
      return answer;
    },
    entries,
    async keys(window, cursor): Promise<KeyPage> {
      const skip = Number(cursor ?? 0);
      const isCut = window.fromMs % spanMs !== 0 || window.toMs % spanMs !== 0;
      const found = isCut ? undefined : await sealed.keysOf(window, { skip, limit: pageSize + 1 });
      if (!found) {
        const page = await entries(window, cursor);
        return { keys: keysOf(page.entries, spanMs), cursor: page.cursor };
      }
      const keys = found.slice(0, pageSize);
      return found.length > pageSize ? { keys, cursor: String(skip + pageSize) } : { keys };
    },
    async lookup(keys) {
      const asked = JSON.stringify(keys.filter(rows.couldHold));
      const parameter = dialect.parameter(1);
      const found = await database.query(
        `SELECT ${rows.columns} FROM ${rows.from} WHERE ${rows.isOneOf(parameter)} ORDER BY ${rows.order} LIMIT ${mostLookedUp + 1}`,
        [asked],
      );
      if (found.length > mostLookedUp) throw tooManyEntries(keys);
      const byKey = new Map<string, Entry[]>(keys.map((key) => [key, []]));
      for (const entry of found.map(rows.entryOf)) byKey.get(entry.key)?.push(entry);
      return keys.map((key) => byKey.get(key) ?? []);
    },
  };
}

/** A window in parts that sealed windows answer: whole spans together, others span by span. */
function partsOf({ fromMs, toMs, fromBucket, toBucket }: Window, spanMs: number) {
  const fromSpan = Math.floor(fromMs / spanMs);
  const toSpan = Math.ceil(toMs / spanMs);
  if (fromSpan >= toSpan || fromBucket >= toBucket) return [];
  if (fromBucket <= 0 && toBucket >= buckets) return [{ fromSpan, toSpan, fromBucket: 0, toBucket: 0 }];
  return Array.from({ length: toSpan - fromSpan }, (_, index) => ({
    fromSpan: fromSpan + index,
    toSpan: fromSpan + index,
    fromBucket,
    toBucket,
  }));
}

import { DatabaseSync } from "node:sqlite";

const table = "_stream_records";
const neededColumns = ["table_name", "sequence_number"];

/**
 * Adds the index that dynoxide 1.2.1 lacks: each write to a table with a stream looks for the last sequence number
 * among all of that table's records (1 ms by the 10,000th). Answers why it could not, or `undefined`.
 *
 * The schema is dynoxide's own; when it is not the one we know, nothing is touched.
 */
export function addStreamIndex(databaseFile: string): string | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(databaseFile, { timeout: 2_000 });
    const columns = database.prepare(`PRAGMA table_info(${table})`).all() as { name: string }[];
    const missing = neededColumns.filter((name) => !columns.some((column) => column.name === name));
    if (missing.length > 0) {
      return `dynoxide's table ${table} has no ${missing.join(", ")}: tables with streams get slower with each write`;
    }
    database.exec(
      `CREATE INDEX IF NOT EXISTS omnibus_stream_order ON ${table}(table_name, CAST(sequence_number AS INTEGER))`,
    );
    return undefined;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return `dynoxide's stream index could not be made (${why}): tables with streams get slower with each write`;
  } finally {
    database?.close();
  }
}

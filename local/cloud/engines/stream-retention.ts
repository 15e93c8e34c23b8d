import { DatabaseSync } from "node:sqlite";
import { dynamodb } from "../../../src/limits-of-aws.ts";

/**
 * Forgets the stream records that are older than a day, as DynamoDB does; dynoxide 1.2.1 keeps them for ever. The newest
 * of each table stays: the next one's number is counted from it. Where the schema is not the one we know, all stay.
 */
export function forgetOldStreamRecords(databaseFile: string, nowMs: number): void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(databaseFile, { timeout: 2_000 });
    database
      .prepare(
        `DELETE FROM _stream_records WHERE created_at < ?
         AND id NOT IN (SELECT MAX(id) FROM _stream_records GROUP BY table_name)`,
      )
      .run(Math.floor((nowMs - dynamodb.streamRetentionMs) / 1_000));
  } catch {
    // Old records cost room, and nothing else.
  } finally {
    database?.close();
  }
}

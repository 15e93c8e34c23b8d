import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { describeError } from "../../src/errors.ts";
import type { ObjectStore } from "../../src/segments/index.ts";
import { LocalCloudError } from "./local-cloud-error.ts";

/** What a local cloud has in S3, read out of its data folder. */
export interface KeptObjects {
  readonly buckets: readonly string[];
  /** The objects of a bucket, to be read: writing throws `LocalCloudError` (`read-only`). */
  objects(bucket: string): ObjectStore;
  close(): void;
}

/** Where fauxqs keeps its state. The table is that of the release we work inside. */
const databaseFile = "fauxqs.db";
const pageKeys = 1_000;
/** Behind every key that begins like this. */
const behind = "\u{10ffff}";

/**
 * Opens the S3 of a local cloud by its data folder: no cloud has to run on it, and one may. Changes nothing. Throws
 * `LocalCloudError` (`data-folder`) for a folder that no local cloud has kept anything in.
 */
export function openKeptObjects(given: string): KeptObjects {
  const folder = resolve(given);
  const file = join(folder, databaseFile);
  if (!existsSync(file)) {
    throw new LocalCloudError(
      "data-folder",
      `${folder} is no data folder of a local cloud (there is no ${databaseFile} in it): give the one that was given to --data`,
    );
  }
  let database: DatabaseSync;
  let buckets: readonly string[];
  try {
    database = new DatabaseSync(file, { readOnly: true });
    const rows = database.prepare("SELECT name FROM s3_buckets ORDER BY name").all();
    buckets = rows.map(({ name }) => String(name));
  } catch (cause) {
    throw new LocalCloudError(
      "data-folder",
      `the data folder ${folder} cannot be read (${describeError(cause).message}): was another release of the local cloud at work in it?`,
      { cause },
    );
  }
  return { buckets, objects: (bucket) => keptObjects(database, bucket), close: () => database.close() };
}

function keptObjects(database: DatabaseSync, bucket: string): ObjectStore {
  const statement = (columns: string, rest: string): StatementSync =>
    database.prepare(`SELECT ${columns} FROM s3_objects WHERE bucket = ?1 AND ${rest}`);
  const whole = statement("body, etag", "key = ?");
  const part = statement("substr(body, ?2, ?3) AS body, etag", "key = ?4");
  const page = statement("key, content_length", "key > ? AND key >= ? AND key < ? ORDER BY key LIMIT ?");
  const next = statement("key", "key >= ? AND key < ? ORDER BY key LIMIT 1");
  const refuse = async () => {
    throw new LocalCloudError(
      "read-only",
      "a data folder is read as it is: write to a cloud that runs on it",
    );
  };

  return {
    put: refuse,
    delete: refuse,
    async get(key, range) {
      const row = range ? part.get(bucket, range.offset + 1, range.length, key) : whole.get(bucket, key);
      return row && { body: Buffer.from(row.body as Uint8Array), etag: String(row.etag) };
    },
    async *list(prefix, { after = "", limit = Number.POSITIVE_INFINITY } = {}) {
      let last = after;
      for (let left = limit; left > 0; ) {
        const rows = page.all(bucket, last, prefix, prefix + behind, Math.min(left, pageKeys));
        for (const row of rows) yield { key: String(row.key), bytes: Number(row.content_length) };
        last = String(rows.at(-1)?.key);
        left = rows.length < pageKeys ? 0 : left - rows.length;
      }
    },
    async *folders(prefix, { after } = {}) {
      // "0" is what follows "/": all that is in a folder lies before it.
      let from = after === undefined ? prefix : `${prefix}${after}0`;
      for (;;) {
        const row = next.get(bucket, from, prefix + behind);
        if (!row) return;
        const key = String(row.key);
        const slash = key.indexOf("/", prefix.length);
        if (slash !== -1) yield key.slice(prefix.length, slash);
        from = slash === -1 ? `${key}\0` : `${key.slice(0, slash)}0`;
      }
    },
    urlOf: (key) => `s3://${bucket}/${key}`,
  };
}

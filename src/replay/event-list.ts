import { promisify } from "node:util";
import { gunzipSync, gzip } from "node:zlib";
import { SegmentError } from "../errors.ts";
import type { ObjectStore } from "../segments/index.ts";

const gzipAsync = promisify(gzip);

/**
 * Keeps the events of a replay beside the archive, `replays/{id}.ndjson.gz`, so that any process can go on with it: a line of JSON for each
 * key (`listKey`). Answers the object's key.
 */
export async function keepEventList(
  store: ObjectStore,
  id: string,
  keys: ReadonlySet<string>,
): Promise<{ readonly key: string; readonly events: number }> {
  const key = `replays/${id}.ndjson.gz`;
  const lines: string[] = [];
  for (const one of keys) lines.push(`${JSON.stringify(one)}\n`);
  await store.put(key, await gzipAsync(lines.join("")));
  return { key, events: keys.size };
}

/** Reads what `keepEventList` has kept. Throws `SegmentError` (`list-missing`). */
export async function readEventList(store: ObjectStore, key: string): Promise<ReadonlySet<string>> {
  const found = await store.get(key);
  if (!found) {
    throw new SegmentError("list-missing", `${key} is gone: the replay cannot go on; make a new one`);
  }
  const text = gunzipSync(found.body).toString("utf8");
  return new Set(text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as string])));
}

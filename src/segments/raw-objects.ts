import { SegmentError } from "../errors.ts";
import { spanPrefix } from "./keys.ts";
import { type RawName, readRawName } from "./raw-name.ts";
import { lineReader, membersOf, type Run } from "./run.ts";
import type { Segments } from "./segments.ts";

/** The raw objects of a span, in the order of their names. What is none of ours in the folder is left alone. */
export async function listRaw({ store, kind }: Segments, span: string): Promise<readonly RawName[]> {
  const prefix = spanPrefix("raw", kind, span);
  const found: RawName[] = [];
  for await (const { key } of store.list(prefix)) {
    const name = readRawName(key.slice(prefix.length));
    if (name) found.push(name);
  }
  return found;
}

/** A raw object as a sorted run. Opening it throws `SegmentError` (`raw-missing`) where it is gone. */
export function rawRun({ store, kind }: Segments, span: string, raw: RawName): Run {
  const key = spanPrefix("raw", kind, span) + raw.name;
  return {
    firstMs: raw.firstMs,
    lastMs: raw.lastMs,
    async open() {
      const found = await store.get(key);
      if (!found) {
        throw new SegmentError(
          "raw-missing",
          `${key} is gone: something deletes raw objects before they are sealed`,
        );
      }
      return lineReader(kind, membersOf(found.body, key), key);
    },
  };
}

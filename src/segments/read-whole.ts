import { hash } from "node:crypto";
import { SegmentError } from "../errors.ts";
import { segmentKey, spanPrefix } from "./keys.ts";
import type { RawName } from "./raw-name.ts";
import type { Segments } from "./segments.ts";

/**
 * The bytes of a segment that a manifest names, packed as they are kept. Throws `SegmentError` (`segment-missing`,
 * `segment-damaged`).
 */
export async function readSegment({ store, kind }: Segments, span: string, name: string): Promise<Buffer> {
  const key = segmentKey(kind, span, name);
  const found = await store.get(key);
  if (!found) {
    throw new SegmentError("segment-missing", `${key} is named by its span's manifest, and is gone`);
  }
  if (hash("sha256", found.body, "hex").startsWith(name)) return found.body;
  throw new SegmentError("segment-damaged", `${key} does not have the bytes that it is named by`);
}

/** The bytes of a raw object, packed as they are kept. Throws `SegmentError` (`raw-missing`). */
export async function readRaw({ store, kind }: Segments, span: string, { name }: RawName): Promise<Buffer> {
  const key = spanPrefix("raw", kind, span) + name;
  const found = await store.get(key);
  if (found) return found.body;
  throw new SegmentError(
    "raw-missing",
    `${key} is gone: something deletes raw objects before they are sealed`,
  );
}

import { SegmentError } from "../errors.ts";
import { unpackMember } from "./gzip-members.ts";
import { segmentKey, sidecarKey } from "./keys.ts";
import type { Segments } from "./segments.ts";
import { type Block, readSidecar, type Sidecar } from "./sidecar.ts";
import { splitLines } from "./split-lines.ts";

/** The sidecar of a segment that a manifest names. Throws `SegmentError` (`segment-missing`, `bad-sidecar`). */
export async function readSidecarOf(
  { store, kind }: Segments,
  span: string,
  segment: string,
): Promise<Sidecar> {
  const key = sidecarKey(kind, span, segment);
  const found = await store.get(key);
  if (found) return readSidecar(found.body, key);
  throw new SegmentError("segment-missing", `${key} is named by its span's manifest, and is gone`);
}

/**
 * Blocks that stand one behind the other in a segment, fetched by one range of bytes and unpacked: each its lines with their line
 * feeds. Throws `SegmentError` (`segment-missing`, `bad-gzip`).
 */
export async function readBlockBytes(
  { store, kind }: Segments,
  span: string,
  segment: string,
  blocks: readonly Block[],
): Promise<readonly Buffer[]> {
  const [first] = blocks;
  const last = blocks.at(-1);
  if (!first || !last) return [];
  const key = segmentKey(kind, span, segment);
  const length = last.offset + last.length - first.offset;
  const found = await store.get(key, { offset: first.offset, length });
  if (!found)
    throw new SegmentError("segment-missing", `${key} is named by its span's manifest, and is gone`);
  return blocks.map(({ offset, bytes }) => unpackMember(found.body, offset - first.offset, key, bytes).bytes);
}

/** The same, line by line. */
export async function readBlocks(
  segments: Segments,
  span: string,
  segment: string,
  blocks: readonly Block[],
): Promise<readonly (readonly Buffer[])[]> {
  return (await readBlockBytes(segments, span, segment, blocks)).map(splitLines);
}

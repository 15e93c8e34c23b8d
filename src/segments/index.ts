export { effectiveTime, type TimeBounds } from "./effective-time.ts";
export { identitySet } from "./identity-set.ts";
export { type InMemoryObjects, inMemoryObjects } from "./in-memory-objects.ts";
export { compareLines, type Line, type LineEntry, type PlacedLine } from "./line.ts";
export { type LineFields, lineFields } from "./line-fields.ts";
export { listRawFrom, type PlacedRaw } from "./list-raw-from.ts";
export { listSpans } from "./list-spans.ts";
export {
  type Manifest,
  type ManifestSegment,
  readManifest,
  type SealedSpan,
  type StoredManifest,
} from "./manifest.ts";
export { newLines } from "./new-lines.ts";
export { formatOffset, type Offset, parseOffset } from "./offset.ts";
export type {
  ByteRange,
  ListedObject,
  ListOptions,
  ObjectStore,
  PutOptions,
  PutResult,
  StoredObject,
} from "./ports.ts";
export type { RawName } from "./raw-name.ts";
export { listRaw, rawRun } from "./raw-objects.ts";
export { readBlocks, readSidecarOf } from "./read-block.ts";
export { type ReadLine, readLines } from "./read-lines.ts";
export { type ReadOptions, type ReadPage, readPages } from "./read-pages.ts";
export { type ReadSpan, readSpans } from "./read-spans.ts";
export { readRaw, readSegment } from "./read-whole.ts";
export type { LineReader, Run } from "./run.ts";
export { s3Objects } from "./s3-objects.ts";
export { type SealOptions, type SealResult, sealSpan } from "./seal-span.ts";
export type { SegmentKind } from "./segment-kind.ts";
export { type Segments, type SegmentsOptions, segmentsOf } from "./segments.ts";
export type { Block, SetDigests, Sidecar } from "./sidecar.ts";
export { spanAt, spanName, spanStartMs } from "./span.ts";
export { type SpanSealer, spanSealer } from "./span-sealer.ts";
export { splitLines } from "./split-lines.ts";
export { tidyRaw } from "./tidy-raw.ts";
export { type RawLine, writeRaw } from "./write-raw.ts";

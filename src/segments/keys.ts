import type { SegmentKind } from "./segment-kind.ts";

/**
 * Where objects lie in the bucket.
 *
 * ```
 * raw/{kind}/span={span}/{firstMs}-{lastMs}-{lines}-{uuid}.ndjson.gz
 * sealed/{kind}/span={span}/{hash}.ndjson.gz, {hash}.json, manifest.json
 * athena/{kind}/span={span}/symlink.txt
 * ```
 */
type Floor = "raw" | "sealed" | "athena";

const folderPrefix = "span=";

/** `raw/archive/`, with all its spans' folders. */
export function kindPrefix(floor: Floor, kind: SegmentKind): string {
  return `${floor}/${kind.name}/`;
}

/** `span=2026-11-27-01-00` */
export function spanFolder(span: string): string {
  return folderPrefix + span;
}

/** The span of a folder's name; `undefined` for other folders. */
export function spanOfFolder(folder: string): string | undefined {
  return folder.startsWith(folderPrefix) ? folder.slice(folderPrefix.length) : undefined;
}

/** `raw/archive/span=2026-11-27-01-00/` */
export function spanPrefix(floor: Floor, kind: SegmentKind, span: string): string {
  return `${kindPrefix(floor, kind)}${spanFolder(span)}/`;
}

export function segmentKey(kind: SegmentKind, span: string, name: string): string {
  return `${spanPrefix("sealed", kind, span)}${name}.ndjson.gz`;
}

export function sidecarKey(kind: SegmentKind, span: string, name: string): string {
  return `${spanPrefix("sealed", kind, span)}${name}.json`;
}

export function manifestKey(kind: SegmentKind, span: string): string {
  return `${spanPrefix("sealed", kind, span)}manifest.json`;
}

export function symlinkKey(kind: SegmentKind, span: string): string {
  return `${spanPrefix("athena", kind, span)}symlink.txt`;
}

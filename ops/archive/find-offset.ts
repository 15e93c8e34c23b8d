import {
  formatOffset,
  listRaw,
  listSpans,
  type Offset,
  readManifest,
  type Segments,
} from "../../src/segments/index.ts";
import { ArchiveError } from "./archive-error.ts";

/**
 * Looks whether there is a line at an offset. Throws `ArchiveError`: `span-unknown`, `span-unsealed`, `offset-unknown`, each
 * with what there is instead.
 */
export async function findOffset(segments: Segments, offset: Offset): Promise<void> {
  const { span, segment, line } = offset;
  const asked = `offset ${formatOffset(offset)}`;
  const found = await readManifest(segments, span);
  if (!found) {
    const raw = await listRaw(segments, span);
    if (raw.length > 0) {
      throw new ArchiveError(
        "span-unsealed",
        `${asked}: span ${span} is not sealed yet, and its lines have no offsets until it is: give a time`,
      );
    }
    throw new ArchiveError(
      "span-unknown",
      `${asked}: there is no span ${span}; ${await spansText(segments)}`,
    );
  }
  const { segments: named } = found.manifest;
  const lines = named[segment]?.lines;
  if (lines === undefined) {
    throw new ArchiveError(
      "offset-unknown",
      `${asked}: span ${span} has ${named.length === 1 ? "1 segment, 0" : `${named.length} segments, 0 to ${named.length - 1}`}`,
    );
  }
  if (line < lines) return;
  throw new ArchiveError(
    "offset-unknown",
    `${asked}: segment ${segment} of span ${span} ends at ${formatOffset({ span, segment, line: lines - 1 })}`,
  );
}

async function spansText(segments: Segments): Promise<string> {
  let first: string | undefined;
  let last: string | undefined;
  for await (const span of listSpans(segments)) {
    first ??= span;
    last = span;
  }
  if (first === undefined) return `there is nothing in the ${segments.kind.name} yet`;
  return first === last ? `there is ${first}` : `there are some from ${first} to ${last}`;
}

import {
  type Line,
  parseOffset,
  readBlocks,
  readManifest,
  readSidecarOf,
  type Segments,
} from "../../segments/index.ts";

/** The line of an offset; `undefined` where there is none, or none any more. */
export async function lineAt(segments: Segments, offset: string): Promise<Line | undefined> {
  const at = parseOffset(offset);
  const found = at && (await readManifest(segments, at.span));
  const segment = at && found?.manifest.segments[at.segment];
  if (!segment) return undefined;
  const { blocks } = await readSidecarOf(segments, at.span, segment.name);
  const block = blocks.find(({ line, lines }) => at.line >= line && at.line < line + lines);
  if (!block) return undefined;
  const [lines = []] = await readBlocks(segments, at.span, segment.name, [block]);
  const bytes = lines[at.line - block.line];
  return bytes && segments.kind.parse(bytes);
}

import { formatOffset, type Offset, parseOffset, readSpans, type Segments } from "../../segments/index.ts";
import type { ReplaySelection } from "../replay-job.ts";

/** Fewer lines are not worth a part of their own. */
const fewestLines = 1_000;

/**
 * Cuts what a replay selects into parts that follow each other, of about as many archived lines each, `most` at most: by what
 * manifests tell, so no segment is read. Together they select what the whole does; what is sealed or published afterwards is in the part
 * that it falls in, or in the last one.
 */
export async function cutParts(
  archive: Segments,
  selection: ReplaySelection,
  { most, fewest = fewestLines }: { readonly most: number; readonly fewest?: number },
): Promise<readonly ReplaySelection[]> {
  const pieces = await piecesOf(archive, selection);
  const lines = pieces.reduce((sum, piece) => sum + piece.lines, 0);
  const each = Math.max(fewest, Math.ceil(lines / most));
  const cuts: Offset[] = [];
  let room = each;
  for (const { span, segment, line, lines } of pieces) {
    let taken = 0;
    while (lines - taken > room) {
      taken += room;
      cuts.push({ span, segment, line: line + taken });
      room = each;
    }
    room -= lines - taken;
  }
  const { unsealed = selection.to === undefined } = selection;
  return [undefined, ...cuts].map((from, nth) => {
    const to = cuts[nth];
    return {
      ...selection,
      ...(from ? { from: formatOffset(from) } : {}),
      // A span that is open may lie before one that is sealed.
      ...(to ? { to: formatOffset(to), unsealed } : {}),
    };
  });
}

/** Sealed lines that stand together, in the order of offsets. */
interface Piece extends Offset {
  readonly lines: number;
}

async function piecesOf(archive: Segments, selection: ReplaySelection): Promise<readonly Piece[]> {
  const { fromMs = 0, toMs = Number.POSITIVE_INFINITY } = selection;
  const from = selection.from === undefined ? undefined : parseOffset(selection.from);
  const to = selection.to === undefined ? undefined : parseOffset(selection.to);
  const pieces: Piece[] = [];
  for await (const { span, manifest } of readSpans(archive, { from, fromMs, toMs })) {
    if (to && span > to.span) break;
    for (const [segment, held] of (manifest?.segments ?? []).entries()) {
      if (held.toMs < fromMs || held.fromMs >= toMs) continue;
      const begin = from?.span === span ? lineFrom(from, segment, held.lines) : 0;
      const end = to?.span === span ? lineFrom(to, segment, held.lines) : held.lines;
      if (end > begin) pieces.push({ span, segment, line: begin, lines: end - begin });
    }
  }
  return pieces;
}

/** Where an offset of the same span falls in a segment of so many lines. */
function lineFrom(at: Offset, segment: number, lines: number): number {
  if (at.segment === segment) return Math.min(at.line, lines);
  return at.segment > segment ? lines : 0;
}

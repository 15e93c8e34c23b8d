/** In bytes. */
export interface Piece {
  readonly offset: number;
  readonly length: number;
}

/** A range that holds pieces. */
export interface Reach extends Piece {
  readonly pieces: readonly Piece[];
}

/** Bytes between two pieces that cost less than another call. */
const nearBytes = 64 * 2 ** 10;
const longestBytes = 2 ** 20;

/** Pieces, in any order, as few ranges: those near to each other are read by one call, up to a megabyte. */
export function reachesOf(pieces: readonly Piece[]): readonly Reach[] {
  const reaches: { offset: number; length: number; pieces: Piece[] }[] = [];
  for (const piece of pieces.toSorted((one, other) => one.offset - other.offset)) {
    const last = reaches.at(-1);
    const end = piece.offset + piece.length;
    if (last && piece.offset <= last.offset + last.length + nearBytes && end - last.offset <= longestBytes) {
      last.length = Math.max(last.length, end - last.offset);
      last.pieces.push(piece);
    } else reaches.push({ ...piece, pieces: [piece] });
  }
  return reaches;
}

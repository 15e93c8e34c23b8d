import type { Line } from "./line.ts";

/** What is kept in segments: the lines of one format. */
export interface SegmentKind {
  /** Its folder's name: `archive`, `journal`. */
  readonly name: string;
  /**
   * Reads a line. Pure: the same bytes, the same answer, since the order of segments hangs on it. Throws `SegmentError` for
   * what is no line of this kind. `bytes` may be kept.
   */
  parse(bytes: Buffer): Line;
}

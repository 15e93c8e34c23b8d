import type { Difference } from "./difference.ts";
import type { Window } from "./ports.ts";
import type { SourceFault } from "./source-fault.ts";

/** What is to be believed about two sides. */
export interface CompareOptions {
  /** Below this span, windows are split by bucket; the span that sources keep digests of, on the grid of the epoch. */
  readonly spanMs: number;
  /** Two equal entries that lie in different spans, further apart than this, are `late`. */
  readonly lateAfterMs: number;
  /** What is not older than this is still under way, and no difference yet: milliseconds since the epoch. */
  readonly settledBeforeMs: number;
  /**
   * Nothing can have happened at this moment or later: who says so has a broken clock, and what it says is unknown.
   * @default never: whoever compares what is over need not tell the time
   */
  readonly futureMs?: number;
  /** A window with no more entries than this is listed instead of split. @default 8 */
  readonly leafEntries?: number;
  /** A window that cannot be split any more is listed up to this many entries. @default 10,000 */
  readonly maxListed?: number;
}

/** What a comparison has to say, one by one. */
export type Finding =
  | { readonly difference: Difference }
  /** A key that the sides disagree about in this window has not settled, not all of it: it must be compared again. */
  | { readonly underWay: Window }
  /** Nothing can be said about this window, now: a source failed or contradicted itself. */
  | { readonly unknown: Window; readonly fault: SourceFault };

import type { Entry } from "../../digest/index.ts";
import { type Block, formatOffset, type Line } from "../../segments/index.ts";
import type { PlacedSegment } from "./sealed-book.ts";

/** A line that has an entry, the entry, and where the line stands. */
export interface FoundLine {
  readonly line: Line;
  readonly entry: Entry;
  readonly offset: string;
}

/** The n-th line of a block, as it is found. The line must have an entry. */
export function foundLine(
  line: Line,
  { span, ordinal }: PlacedSegment,
  block: Block,
  nth: number,
): FoundLine {
  const { entry, timeMs } = line;
  const fields = JSON.parse(entry?.fields ?? "{}") as Entry["fields"];
  return {
    line,
    entry: { key: entry?.key ?? "", timeMs, fields },
    offset: formatOffset({ span, segment: ordinal, line: block.line + nth }),
  };
}

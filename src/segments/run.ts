import { SegmentError } from "../errors.ts";
import { heapOf } from "../heap.ts";
import { unpackMember } from "./gzip-members.ts";
import { compareLines, type Line } from "./line.ts";
import type { SegmentKind } from "./segment-kind.ts";
import { splitLines } from "./split-lines.ts";

/** Sorted lines somewhere: a raw object, or what several of them were merged into. */
export interface Run {
  /** Effective times of its lines, the ends included. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Fetches what is needed to read it. */
  open(): Promise<LineReader>;
}

/** Reads a run from its first line to its last. */
export interface LineReader {
  /** The next line; `undefined` behind the last one. */
  next(): Line | undefined;
}

/** Where a reader gets packed bytes from: all members of a run, one after the other. */
export type NextMember = () => Buffer | undefined;

/** The members of an object that is at hand. */
export function membersOf(bytes: Buffer, name: string): NextMember {
  let at = 0;
  return () => {
    if (at >= bytes.length) return undefined;
    const member = unpackMember(bytes, at, name);
    at = member.next;
    return member.bytes;
  };
}

/**
 * Reads lines member by member, so that only one of them is unpacked at a time. A line that stands for several is replaced by
 * these, each at its place. Throws `SegmentError` (`bad-order`) where lines are not sorted: what was made of them would not be.
 */
export function lineReader(kind: SegmentKind, nextMember: NextMember, name: string): LineReader {
  let block: readonly Buffer[] = [];
  let at = 0;
  let ahead: Line | undefined;
  let last: Line | undefined;
  const apart = heapOf<Line>(compareLines);

  const read = (): Line | undefined => {
    while (at >= block.length) {
      const member = nextMember();
      if (!member) return undefined;
      block = splitLines(member);
      at = 0;
    }
    const line = kind.parse(block[at++] as Buffer);
    if (last && line.timeMs < last.timeMs) throw outOfOrder(line, last, name);
    last = line;
    return line;
  };
  const put = (line: Line) => {
    if (!line.expand) apart.push(line);
    else for (const part of line.expand()) apart.push(part);
  };
  const next = (): Line | undefined => {
    while (apart.size === 0) {
      const line = ahead ?? read();
      if (!line) return undefined;
      ahead = read();
      if (!line.expand && (!ahead || ahead.timeMs > line.timeMs)) return line;
      put(line);
    }
    // A part of a line further on may come first among those of the same time.
    while (ahead && ahead.timeMs <= (apart.peek() as Line).timeMs) {
      put(ahead);
      ahead = read();
    }
    return apart.pop();
  };

  return { next };
}

function outOfOrder(line: Line, last: Line, name: string): SegmentError {
  const show = ({ identity, timeMs }: Line) =>
    `${JSON.stringify(identity)} of ${new Date(timeMs).toISOString()}`;
  return new SegmentError("bad-order", `${name} is not sorted: ${show(line)} stands behind ${show(last)}`);
}

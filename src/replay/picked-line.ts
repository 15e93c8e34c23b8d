import { messageMark } from "../archive/index.ts";
import { type LineFields, lineFields } from "../segments/index.ts";

/** A line of the archive where it lies: places in the bytes of its block. */
export interface PickedLine {
  readonly bytes: Buffer;
  /** Where it begins, and where it ends, without its line feed. */
  readonly start: number;
  readonly end: number;
  /** Where the mark before its message stands. */
  readonly messageAt: number;
  /** Its number among the block's lines. */
  readonly nth: number;
  /** Whether it may have a group. */
  readonly mayHaveGroup: boolean;
}

/** The fields that stand before its message. */
export function fieldsOf({ bytes, start, messageAt }: PickedLine): LineFields {
  return lineFields(bytes.subarray(start, messageAt), messageAt - start);
}

const mark = Buffer.from(messageMark);
const groupMark = Buffer.from(',"group":"');
const problemMark = Buffer.from(',"problem":"');
const lineFeed = 0x0a;

/** The lines of a block that are events, from its line `skip` on. What is asked of each is asked of the whole block first. */
export function pickLines(bytes: Buffer, skip = 0): PickedLine[] {
  const mayHaveGroup = bytes.includes(groupMark);
  const mayHaveProblem = bytes.includes(problemMark);
  const lines: PickedLine[] = [];
  for (let start = 0, nth = 0; start < bytes.length; nth++) {
    const messageAt = bytes.indexOf(mark, start);
    const found = bytes.indexOf(lineFeed, start);
    const end = found === -1 ? bytes.length : found;
    if (messageAt === -1) break;
    if (nth >= skip && messageAt < end) {
      const line = { bytes, start, end, messageAt, nth, mayHaveGroup };
      if (!mayHaveProblem || fieldsOf(line)("id") !== undefined) lines.push(line);
    }
    start = end + 1;
  }
  return lines;
}

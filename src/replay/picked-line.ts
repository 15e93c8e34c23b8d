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
  /** Whether it may have a group: its head has more than the fields that every line has. */
  readonly mayHaveGroup: boolean;
}

/** The fields that stand before its message. */
export function fieldsOf({ bytes, start, messageAt }: PickedLine): LineFields {
  return lineFields(bytes.subarray(start, messageAt), messageAt - start);
}

const mark = Buffer.from(messageMark);
/** With what only a message begins with: an attribute may be called `message` as well. */
const wholeMark = Buffer.from(`${messageMark}{"MessageBody":`);
const lastField = Buffer.from('"messageId":');
const lineFeed = 0x0a;
const quote = 0x22;

/** The lines of a block that are events, from its line `skip` on. Of most, nothing but their ends is looked at. */
export function pickLines(bytes: Buffer, skip = 0): PickedLine[] {
  const lines: PickedLine[] = [];
  let headLength = 0;
  for (let start = 0, nth = 0; start < bytes.length; nth++) {
    // Heads are as long as the one before, mostly: a look there is quicker than a search.
    const likelyAt = start + headLength;
    const messageAt = stands(wholeMark, bytes, likelyAt) ? likelyAt : bytes.indexOf(mark, start);
    if (messageAt === -1) break;
    const found = bytes.indexOf(lineFeed, messageAt);
    const end = found === -1 ? bytes.length : found;
    headLength = messageAt - start;
    if (nth >= skip) {
      const mayHaveGroup = !endsPlain(bytes, messageAt);
      const line = { bytes, start, end, messageAt, nth, mayHaveGroup };
      if (!mayHaveGroup || fieldsOf(line)("id") !== undefined) lines.push(line);
    }
    start = end + 1;
  }
  return lines;
}

/**
 * Whether a head ends with the message's id, the last field that every line has: what else there is stands behind it, as a group, or why it is no event.
 */
function endsPlain(bytes: Buffer, messageAt: number): boolean {
  let at = messageAt - 1;
  if (bytes[at] !== quote) return false;
  do at--;
  while (at > 0 && bytes[at] !== quote);
  return stands(lastField, bytes, at - lastField.length);
}

function stands(what: Buffer, bytes: Buffer, at: number): boolean {
  for (let index = 0; index < what.length; index++) {
    if (bytes[at + index] !== what[index]) return false;
  }
  return true;
}

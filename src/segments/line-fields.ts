import { SegmentError } from "../errors.ts";

/** Reads one field of a line, a text or a number as its text; `undefined` where the line has none of that name. */
export type LineFields = (name: string) => string | undefined;

/**
 * Reads fields out of the head of a JSON object without parsing all of it: lines are many, and few of their fields are
 * asked for. `head` is the object up to `end` (exclusive, a comma or the closing brace). Heads with escapes are parsed whole.
 */
export function lineFields(bytes: Buffer, end: number): LineFields {
  const head = bytes.toString("utf8", 0, end);
  if (head.includes("\\")) return parsed(head);
  // Fields are asked for in their order, mostly: the search begins behind the last one that was found.
  let cursor = 0;
  return (name) => {
    // Without escapes no text holds a quote, and only a name has a colon behind it.
    const mark = `"${name}":`;
    let at = head.indexOf(mark, cursor);
    if (at === -1 && cursor > 0) at = head.lastIndexOf(mark, cursor);
    if (at === -1) return undefined;
    const from = at + mark.length;
    if (head[from] !== '"') return numberAt.exec(head.slice(from, from + maxDigits))?.[0];
    const to = head.indexOf('"', from + 1);
    if (to === -1) return undefined;
    cursor = to;
    return head.slice(from + 1, to);
  };
}

const numberAt = /^-?[\d.]+/;
const maxDigits = 24;

function parsed(head: string): LineFields {
  let fields: Readonly<Record<string, unknown>>;
  try {
    fields = JSON.parse(head.endsWith("}") ? head : `${head}}`) as typeof fields;
  } catch (cause) {
    throw new SegmentError("bad-line", `a line is not JSON: it begins with ${head.slice(0, 80)}`, { cause });
  }
  return (name) => {
    const value = fields[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  };
}

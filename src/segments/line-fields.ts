import { SegmentError } from "../errors.ts";

/** Reads one text field of a line; `undefined` where the line has none of that name. */
export type LineFields = (name: string) => string | undefined;

/**
 * Reads text fields out of the head of a JSON object without parsing all of it: lines are many, and few of their fields are
 * asked for. `head` is the object up to `end` (exclusive, a comma or the closing brace). Heads with escapes are parsed whole.
 */
export function lineFields(bytes: Buffer, end: number): LineFields {
  const head = bytes.toString("utf8", 0, end);
  if (head.includes("\\")) return parsed(head);
  return (name) => {
    // Without escapes no text holds a quote, and only a name has a colon behind it.
    const mark = `"${name}":"`;
    const at = head.indexOf(mark);
    if (at === -1) return undefined;
    const from = at + mark.length;
    const to = head.indexOf('"', from);
    return to === -1 ? undefined : head.slice(from, to);
  };
}

function parsed(head: string): LineFields {
  let fields: Readonly<Record<string, unknown>>;
  try {
    fields = JSON.parse(head.endsWith("}") ? head : `${head}}`) as typeof fields;
  } catch (cause) {
    throw new SegmentError("bad-line", `a line is not JSON: it begins with ${head.slice(0, 80)}`, { cause });
  }
  return (name) => {
    const value = fields[name];
    return typeof value === "string" ? value : undefined;
  };
}

import type { Entry, FieldValue } from "../../digest/index.ts";
import type { Difference } from "../difference.ts";

/** What the two sides are called. */
export interface SideNames {
  readonly left: string;
  readonly right: string;
}

/** Entries and fields that are told; the rest are counted. */
const most = 4;

/** What differs, in one sentence without its key. It quotes the entries' own fields. */
export function describeDifference(difference: Difference, sides: SideNames): string {
  const { left, right, fields } = difference;
  switch (difference.class) {
    case "missing-left":
      return `${sides.right} has it (${entryText(right)}), ${sides.left} has not`;
    case "missing-right":
      return `${sides.left} has it (${entryText(left)}), ${sides.right} has not`;
    case "duplicate":
      return `${sides.left} has it ${times(left.length)}, ${sides.right} ${times(right.length)}`;
    case "mismatch":
    case "late":
      return few(
        fields.map(
          ({ field, left, right }) =>
            `${field} is ${valueText(left)} for ${sides.left}, ${valueText(right)} for ${sides.right}`,
        ),
        "; ",
      );
  }
}

/** A field's value as people read it. */
export function valueText(value: FieldValue | undefined): string {
  return value === undefined ? "not there" : JSON.stringify(value);
}

function entryText(entries: readonly Entry[]): string {
  const [first] = entries;
  const fields = Object.entries(first?.fields ?? {});
  const text = few(
    fields.map(([field, value]) => `${field} ${valueText(value)}`),
    ", ",
  );
  return [text || "without fields", ...(entries.length > 1 ? [times(entries.length)] : [])].join(", ");
}

function few(texts: readonly string[], between: string): string {
  const more = texts.length - most;
  return [...texts.slice(0, most), ...(more > 0 ? [`and ${more} more`] : [])].join(between);
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

import type { Entry, FieldValue } from "../digest/index.ts";
import type { Difference, FieldDifference } from "./difference.ts";

/** Of a key that is there over and over, this many entries of a side are told. */
const entriesTold = 50;
/** An item of DynamoDB is 400 KB at most, and some are written in one transaction of 4 MB. (Constraints in Amazon DynamoDB) */
const mostBytes = 180_000;
/** Of what is larger, so many fields, and so much of each text. */
const fieldsTold = 20;
const charactersTold = 100;

/**
 * A difference as it is written down: of each side no more than the first 50 entries, fewer where these are large; and of
 * large fields no more than their beginning. Its key is whole.
 */
export function told(difference: Difference): Difference {
  let most = entriesTold;
  let whole = withEntries(difference, most);
  while (sizeOf(whole) > mostBytes && most > 1) {
    most = Math.max(1, Math.floor(most / 4));
    whole = withEntries(difference, most);
  }
  if (sizeOf(whole) <= mostBytes) return whole;
  return {
    ...whole,
    fields: whole.fields.slice(0, fieldsTold).map(cutField),
    left: whole.left.map(cutEntry),
    right: whole.right.map(cutEntry),
  };
}

function withEntries(difference: Difference, most: number): Difference {
  return { ...difference, left: difference.left.slice(0, most), right: difference.right.slice(0, most) };
}

function sizeOf(difference: Difference): number {
  return Buffer.byteLength(JSON.stringify(difference));
}

function cutField({ field, left, right }: FieldDifference): FieldDifference {
  return { field: cutText(field), left: cut(left), right: cut(right) };
}

function cutEntry(entry: Entry): Entry {
  const fields = Object.entries(entry.fields).slice(0, fieldsTold);
  return { ...entry, fields: Object.fromEntries(fields.map(([name, value]) => [cutText(name), cut(value)])) };
}

function cut<Value extends FieldValue | undefined>(value: Value): Value | string {
  return typeof value === "string" ? cutText(value) : value;
}

function cutText(text: string): string {
  if (text.length <= charactersTold) return text;
  return `${text.slice(0, charactersTold).toWellFormed()}\u2026`;
}

import { canonicalJson } from "../contract/index.ts";
import type { Entry, FieldValue } from "../digest/index.ts";
import type { DifferenceClass } from "../env.ts";

export type { DifferenceClass };

/** What is wrong about one key. */
export interface Difference {
  readonly key: string;
  readonly class: DifferenceClass;
  /** When it happened, by the earliest entry of either side. */
  readonly timeMs: number;
  /** What differs, field by field; of a `late` one its times. */
  readonly fields: readonly FieldDifference[];
  readonly left: readonly Entry[];
  readonly right: readonly Entry[];
}

export interface FieldDifference {
  readonly field: string;
  readonly left: FieldValue | undefined;
  readonly right: FieldValue | undefined;
}

/** Says what is wrong about a key, from all that both sides have of it; `undefined`: nothing. */
export function classify(
  key: string,
  left: readonly Entry[],
  right: readonly Entry[],
  { lateAfterMs }: { readonly lateAfterMs: number },
): Difference | undefined {
  const [firstLeft] = left;
  const [firstRight] = right;
  const timeMs = [...left, ...right].reduce(
    (least, entry) => Math.min(least, entry.timeMs),
    Number.MAX_VALUE,
  );
  const found = (as: DifferenceClass, fields: readonly FieldDifference[] = []): Difference => ({
    key,
    class: as,
    timeMs,
    fields,
    left,
    right,
  });
  if (!firstLeft && !firstRight) return undefined;
  if (!firstLeft) return found("missing-left");
  if (!firstRight) return found("missing-right");
  if (left.length !== right.length) return found("duplicate");
  const pairs = pairUp(left, right);
  for (const [one, other] of pairs) {
    const fields = fieldsThatDiffer(one, other);
    if (fields.length > 0) return found("mismatch", fields);
  }
  for (const [one, other] of pairs) {
    if (Math.abs(one.timeMs - other.timeMs) <= lateAfterMs) continue;
    return found("late", [{ field: "time", left: isoOf(one.timeMs), right: isoOf(other.timeMs) }]);
  }
  return undefined;
}

/**
 * Entries of one key beside each other, equal ones first, the earliest with the earliest: however the sides order them, no
 * pair is further apart than it must be.
 */
function pairUp(left: readonly Entry[], right: readonly Entry[]): readonly (readonly [Entry, Entry])[] {
  if (left.length === 1) return [[left[0] as Entry, right[0] as Entry]];
  const rest = new Map<string, Entry[]>();
  for (const other of byTime(right).toReversed()) {
    const text = canonicalJson(other.fields);
    const equal = rest.get(text);
    if (equal) equal.push(other);
    else rest.set(text, [other]);
  }
  const pairs: (readonly [Entry, Entry])[] = [];
  const alone: Entry[] = [];
  for (const one of byTime(left)) {
    const other = rest.get(canonicalJson(one.fields))?.pop();
    if (other) pairs.push([one, other]);
    else alone.push(one);
  }
  const others = byTime([...rest.values()].flat());
  return [...pairs, ...alone.map((one, index) => [one, others[index] as Entry] as const)];
}

function byTime(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted((one, other) => one.timeMs - other.timeMs);
}

function fieldsThatDiffer(left: Entry, right: Entry): readonly FieldDifference[] {
  const names = new Set([...Object.keys(left.fields), ...Object.keys(right.fields)]);
  return [...names]
    .map((field) => ({ field, left: ownValue(left, field), right: ownValue(right, field) }))
    .filter((one) => one.left !== one.right)
    .sort((one, other) => (one.field < other.field ? -1 : 1));
}

/** A field may have any name, `toString` too. */
function ownValue({ fields }: Entry, field: string): FieldValue | undefined {
  return Object.hasOwn(fields, field) ? fields[field] : undefined;
}

function isoOf(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

import type { AttributeValue, Item } from "../ports.ts";
import { addDecimals, compareDecimals, type Decimal, negate, readDecimal, writeDecimal } from "./decimal.ts";

/** DynamoDB's name of a value's type. */
export function typeOf(value: AttributeValue): string {
  return Object.keys(value)[0] ?? "";
}

/** One text for all values that are equal: numbers by their value, sets whatever their order. */
export function canonical(value: AttributeValue): string {
  const type = typeOf(value);
  switch (type) {
    case "N":
      return `N${numberText(value.N)}`;
    case "B":
      return `B${base64(value.B)}`;
    case "SS":
      return `SS${JSON.stringify([...(value.SS ?? [])].sort())}`;
    case "NS":
      return `NS${JSON.stringify((value.NS ?? []).map(numberText).sort())}`;
    case "BS":
      return `BS${JSON.stringify((value.BS ?? []).map(base64).sort())}`;
    case "L":
      return `L${JSON.stringify((value.L ?? []).map(canonical))}`;
    case "M":
      return `M${canonicalItem(value.M ?? {})}`;
    default:
      return JSON.stringify(value);
  }
}

/** The same for an item, or an item's key. */
export function canonicalItem(item: Item): string {
  const fields = Object.entries(item).map(([name, value]) => [name, canonical(value)]);
  return JSON.stringify(fields.sort(([one = ""], [other = ""]) => (one < other ? -1 : 1)));
}

export function isEqual(one: AttributeValue, other: AttributeValue): boolean {
  return canonical(one) === canonical(other);
}

/** Below, at or above zero; `undefined` where the two have no order: other types than numbers, text and bytes, or two of them. */
export function compareValues(one: AttributeValue, other: AttributeValue): number | undefined {
  const [a, b] = [decimalOf(one), decimalOf(other)];
  if (a && b) return compareDecimals(a, b);
  const [first, second] = [bytesOf(one), bytesOf(other)];
  if (typeOf(one) !== typeOf(other) || !first || !second) return undefined;
  return Buffer.compare(first, second);
}

/** The sum of two numbers, or their difference; `undefined` where one of them is none. */
export function sumOf(
  one: AttributeValue,
  other: AttributeValue,
  sign: "+" | "-",
): AttributeValue | undefined {
  const [a, b] = [decimalOf(one), decimalOf(other)];
  return a && b ? { N: writeDecimal(addDecimals(a, sign === "-" ? negate(b) : b)) } : undefined;
}

/** A number as DynamoDB hands it out. */
export function numberText(text: string | undefined): string {
  const decimal = readDecimal(text ?? "");
  return decimal ? writeDecimal(decimal) : (text ?? "");
}

/** A value as DynamoDB keeps it: its numbers as it hands them out. */
export function asKept(value: AttributeValue): AttributeValue {
  if (value.N !== undefined) return { N: numberText(value.N) };
  if (value.NS) return { NS: value.NS.map(numberText) };
  if (value.L) return { L: value.L.map(asKept) };
  if (value.M) return { M: itemAsKept(value.M) };
  return value;
}

/** The same for an item. */
export function itemAsKept(item: Item): Item {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, asKept(value)]));
}

/** What a set holds, as single values; `undefined` for what is no set. */
export function membersOf({ SS, NS, BS }: AttributeValue): readonly AttributeValue[] | undefined {
  if (SS) return SS.map((S) => ({ S }));
  if (NS) return NS.map((N) => ({ N }));
  return BS?.map((B) => ({ B }));
}

/** A set of the same type as `like`, of these members; `undefined` when there are none: DynamoDB keeps no empty set. */
export function setOf(like: AttributeValue, members: readonly AttributeValue[]): AttributeValue | undefined {
  if (members.length === 0) return undefined;
  const once = [...new Map(members.map((member) => [canonical(member), member])).values()];
  if (like.SS) return { SS: once.map(({ S = "" }) => S) };
  if (like.NS) return { NS: once.map(({ N = "" }) => N) };
  return { BS: once.map(({ B = new Uint8Array() }) => B) };
}

/** Text as UTF-8, bytes as they are. */
export function bytesOf({ S, B }: AttributeValue): Buffer | undefined {
  if (S !== undefined) return Buffer.from(S);
  return B && Buffer.from(B);
}

function decimalOf({ N }: AttributeValue): Decimal | undefined {
  return N === undefined ? undefined : readDecimal(N);
}

function base64(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString("base64");
}

import type { AttributeValue, Item } from "../ports.ts";
import type { Bindings } from "./bindings.ts";
import { readPath, valueAt } from "./path.ts";
import { type Tokens, tokensOf } from "./tokens.ts";
import { bytesOf, compareValues, isEqual, membersOf, typeOf } from "./values.ts";

/** Whether an item keeps a condition. */
export type Condition = (item: Item) => boolean;

type Value = (item: Item) => AttributeValue | undefined;

/** Reads a ConditionExpression. Throws `TransactionError` (`expression`) for what is none. */
export function readCondition(expression: string, bindings: Bindings): Condition {
  const tokens = tokensOf(expression);
  const condition = readOr(tokens, bindings);
  if (tokens.peek() !== "") throw tokens.unreadable();
  return condition;
}

function readOr(tokens: Tokens, bindings: Bindings): Condition {
  const either = [readAnd(tokens, bindings)];
  while (tokens.takeIf("OR")) either.push(readAnd(tokens, bindings));
  return (item) => either.some((one) => one(item));
}

function readAnd(tokens: Tokens, bindings: Bindings): Condition {
  const all = [readNot(tokens, bindings)];
  while (tokens.takeIf("AND")) all.push(readNot(tokens, bindings));
  return (item) => all.every((one) => one(item));
}

function readNot(tokens: Tokens, bindings: Bindings): Condition {
  if (tokens.takeIf("NOT")) {
    const inner = readNot(tokens, bindings);
    return (item) => !inner(item);
  }
  if (tokens.takeIf("(")) {
    const inner = readOr(tokens, bindings);
    tokens.expect(")");
    return inner;
  }
  const make = tokens.peek(1) === "(" ? functions[tokens.peek()] : undefined;
  if (!make) return readComparison(tokens, bindings);
  tokens.take();
  tokens.expect("(");
  const path = readPath(tokens, bindings);
  if (make.takes === 2) tokens.expect(",");
  const argument = make.takes === 2 ? readValue(tokens, bindings) : undefined;
  tokens.expect(")");
  return (item) => make.of(valueAt(item, path), argument?.(item));
}

/** Conditions on one attribute. */
const functions: Readonly<
  Record<
    string,
    {
      readonly takes: 1 | 2;
      of(value: AttributeValue | undefined, argument: AttributeValue | undefined): boolean;
    }
  >
> = {
  attribute_exists: { takes: 1, of: (value) => value !== undefined },
  attribute_not_exists: { takes: 1, of: (value) => value === undefined },
  attribute_type: { takes: 2, of: (value, type) => value !== undefined && typeOf(value) === type?.S },
  begins_with: { takes: 2, of: (value, start) => beginsWith(value, start) },
  contains: { takes: 2, of: (value, part) => contains(value, part) },
};

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

function readComparison(tokens: Tokens, bindings: Bindings): Condition {
  const left = readValue(tokens, bindings);
  if (tokens.takeIf("BETWEEN")) {
    const low = readValue(tokens, bindings);
    tokens.expect("AND");
    const high = readValue(tokens, bindings);
    return (item) => isOrdered(low(item), left(item), "<=") && isOrdered(left(item), high(item), "<=");
  }
  if (tokens.takeIf("IN")) {
    tokens.expect("(");
    const listed = [readValue(tokens, bindings)];
    while (tokens.takeIf(",")) listed.push(readValue(tokens, bindings));
    tokens.expect(")");
    return (item) => listed.some((one) => isSame(left(item), one(item)));
  }
  const comparator = tokens.take();
  if (comparator !== "=" && comparator !== "<>" && !comparisons[comparator]) {
    tokens.back(1);
    throw tokens.unreadable();
  }
  const right = readValue(tokens, bindings);
  if (comparator === "=") return (item) => isSame(left(item), right(item));
  if (comparator === "<>") return (item) => !isSame(left(item), right(item));
  return (item) => isOrdered(left(item), right(item), comparator);
}

function readValue(tokens: Tokens, bindings: Bindings): Value {
  if (tokens.peek().startsWith(":")) {
    const value = bindings.value(tokens.take());
    return () => value;
  }
  if (tokens.peek() === "size" && tokens.peek(1) === "(") {
    tokens.take();
    tokens.expect("(");
    const path = readPath(tokens, bindings);
    tokens.expect(")");
    return (item) => sizeOf(valueAt(item, path));
  }
  const path = readPath(tokens, bindings);
  return (item) => valueAt(item, path);
}

function isSame(one: AttributeValue | undefined, other: AttributeValue | undefined): boolean {
  return one !== undefined && other !== undefined && isEqual(one, other);
}

function isOrdered(one: AttributeValue | undefined, other: AttributeValue | undefined, how: string): boolean {
  const order = one && other && compareValues(one, other);
  return order !== undefined && (comparisons[how]?.(order) ?? false);
}

function beginsWith(value: AttributeValue | undefined, start: AttributeValue | undefined): boolean {
  const [whole, part] = [value && bytesOf(value), start && bytesOf(start)];
  if (!value || !start || !whole || !part || typeOf(value) !== typeOf(start)) return false;
  return whole.subarray(0, part.length).equals(part);
}

function contains(value: AttributeValue | undefined, part: AttributeValue | undefined): boolean {
  if (!value || !part) return false;
  const members = value.L ?? membersOf(value);
  if (members) return members.some((member) => isEqual(member, part));
  const [whole, piece] = [bytesOf(value), bytesOf(part)];
  return (
    typeOf(value) === typeOf(part) && whole !== undefined && piece !== undefined && whole.includes(piece)
  );
}

/** Bytes of text and binary values, members of everything else. */
function sizeOf(value: AttributeValue | undefined): AttributeValue | undefined {
  if (!value) return undefined;
  const size =
    bytesOf(value)?.length ??
    (value.L ?? membersOf(value))?.length ??
    (value.M ? Object.keys(value.M).length : undefined);
  return size === undefined ? undefined : { N: String(size) };
}

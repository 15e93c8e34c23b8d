import { TransactionError } from "../../errors.ts";
import type { AttributeValue, Item } from "../ports.ts";
import { type Path, valueAt, withValue } from "./path.ts";
import type { Operand, UpdateAction } from "./update.ts";
import { isEqual, membersOf, setOf, sumOf, typeOf } from "./values.ts";

/**
 * Does what an update says, as DynamoDB does it: all of it sees the item as it was. Throws `TransactionError` (`expression`)
 * where DynamoDB would refuse it.
 */
export function applyUpdate(before: Item, actions: readonly UpdateAction[]): Item {
  const changes = actions.map((action) => ({ path: action.path, value: setTo(action, before) }));
  // Places in a list are those before the update: the last goes first.
  const ordered = [
    ...changes.filter(({ value }) => value !== undefined),
    ...changes
      .filter(({ value }) => value === undefined)
      .sort((one, other) => lastPlace(other) - lastPlace(one)),
  ];
  return ordered.reduce((item, { path, value }) => {
    const after = withValue(item, path, value);
    if (after) return after;
    throw refused(`there is no place ${show(path)} in the item`);
  }, before);
}

function setTo(action: UpdateAction, before: Item): AttributeValue | undefined {
  switch (action.does) {
    case "REMOVE":
      return undefined;
    case "SET":
      return evaluate(action.to, before);
    case "ADD":
      return added(action.path, valueAt(before, action.path), action.value);
    case "DELETE":
      return without(action.path, valueAt(before, action.path), action.value);
  }
}

function evaluate(operand: Operand, item: Item): AttributeValue {
  switch (operand.is) {
    case "value":
      return operand.value;
    case "path": {
      const value = valueAt(item, operand.path);
      if (value) return value;
      throw refused(`the item has no ${show(operand.path)}`);
    }
    case "if_not_exists":
      return valueAt(item, operand.path) ?? evaluate(operand.otherwise, item);
    case "list_append": {
      const [first, second] = [evaluate(operand.first, item), evaluate(operand.second, item)];
      if (first.L && second.L) return { L: [...first.L, ...second.L] };
      throw refused(`list_append of ${typeOf(first)} and ${typeOf(second)}`);
    }
    case "+":
    case "-": {
      const [first, second] = [evaluate(operand.first, item), evaluate(operand.second, item)];
      const sum = sumOf(first, second, operand.is);
      if (sum) return sum;
      throw refused(`${typeOf(first)} ${operand.is} ${typeOf(second)}`);
    }
  }
}

function added(path: Path, before: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  const more = membersOf(value);
  if (value.N === undefined && !more) throw refused(`ADD of ${typeOf(value)}`);
  if (!before) return value;
  const sum = sumOf(before, value, "+");
  const members = membersOf(before);
  const union =
    members && more && typeOf(before) === typeOf(value) ? setOf(value, [...members, ...more]) : sum;
  if (union) return union;
  throw refused(`ADD of ${typeOf(value)} to ${show(path)}, which is ${typeOf(before)}`);
}

function without(
  path: Path,
  before: AttributeValue | undefined,
  value: AttributeValue,
): AttributeValue | undefined {
  const fewer = membersOf(value);
  if (!fewer) throw refused(`DELETE of ${typeOf(value)}`);
  if (!before) return undefined;
  const members = membersOf(before);
  if (!members || typeOf(before) !== typeOf(value)) {
    throw refused(`DELETE of ${typeOf(value)} from ${show(path)}, which is ${typeOf(before)}`);
  }
  return setOf(
    before,
    members.filter((member) => !fewer.some((one) => isEqual(one, member))),
  );
}

function lastPlace({ path }: { readonly path: Path }): number {
  const last = path.at(-1);
  return typeof last === "number" ? last : 0;
}

function show(path: Path): string {
  return path
    .map((step, at) => (typeof step === "number" ? `[${step}]` : `${at > 0 ? "." : ""}${step}`))
    .join("");
}

function refused(what: string): TransactionError {
  return new TransactionError("expression", `an update cannot be done: ${what}`);
}

import { eventLimits, isForbiddenKey } from "./event-limits.ts";
import { showValue } from "./show-value.ts";

/** Room for the envelope's own keys beside those of the data. */
const envelopeKeys = 16;

/** Called with the place and the reason of what is not JSON. */
export type RefuseJson = (path: readonly PropertyKey[], why: string) => never;

/**
 * The value as JSON carries it, as a copy: `toJSON` is called (so a `Date` becomes its text) and undefined fields
 * are dropped, as `JSON.stringify` does. What `JSON.stringify` would change in silence is refused instead: NaN,
 * Infinity, invalid dates, functions, symbols, Maps and their like, holes and undefined in lists, lone surrogates.
 * So are bigints, cycles, and what no consumer would decode (`eventLimits`). Calls `refuse` for the first of them.
 */
export function toJson(input: unknown, refuse: RefuseJson): unknown {
  const path: PropertyKey[] = [];
  const parents: object[] = [];
  let keyCount = envelopeKeys;
  let valueCount = 0;

  const copy = (value: unknown, key: PropertyKey): unknown => {
    // Each value takes two bytes at least: more of them fit into no message, and lists that share lists end here.
    if (++valueCount > eventLimits.maxBytes)
      return refuse(path, "the data has more values than a message holds");
    switch (typeof value) {
      case "boolean":
        return value;
      case "string":
        return value.isWellFormed()
          ? value
          : refuse(path, "half of a surrogate pair stands alone in the text");
      case "number":
        return Number.isFinite(value) ? value : refuse(path, `${value} is not JSON`);
      case "object":
        return value === null ? null : copyObject(value, key);
      default:
        return refuse(path, `${value === undefined ? "undefined" : `a ${typeof value}`} is not JSON`);
    }
  };

  const copyObject = (value: object, key: PropertyKey): unknown => {
    if (value instanceof Date && Number.isNaN(value.getTime())) return refuse(path, "the date is invalid");
    if ("toJSON" in value && typeof value.toJSON === "function") {
      const replaced: unknown = value.toJSON(String(key));
      if (typeof replaced !== "object" || replaced === null) return copy(replaced, key);
      return copyContainer(replaced);
    }
    return copyContainer(value);
  };

  const copyContainer = (value: object): unknown => {
    if (parents.includes(value)) return refuse(path, "the data holds itself");
    // The envelope is the first level, so the data has one less.
    if (parents.length === eventLimits.maxDepth - 1) {
      return refuse(path, `the data is nested deeper than ${eventLimits.maxDepth - 1}`);
    }
    parents.push(value);
    const result = Array.isArray(value) ? copyList(value) : copyFields(value);
    parents.pop();
    return result;
  };

  const copyList = (list: readonly unknown[]): unknown[] =>
    Array.from(list, (value, index) => {
      path.push(index);
      const result = copy(value, index);
      path.pop();
      return result;
    });

  const copyFields = (value: object): Record<string, unknown> => {
    const tag = Object.prototype.toString.call(value);
    if (tag !== "[object Object]") return refuse(path, `a ${tag.slice(8, -1)} is not JSON`);
    const result: Record<string, unknown> = {};
    for (const [key, field] of Object.entries(value)) {
      if (field === undefined) continue;
      path.push(key);
      if (isForbiddenKey(key)) refuse(path, `the key "${key}" is not allowed`);
      if (!key.isWellFormed()) refuse(path, `the key ${showValue(key)} holds half of a surrogate pair`);
      if (++keyCount > eventLimits.maxKeys)
        refuse(path, `the data has more than ${eventLimits.maxKeys} keys`);
      result[key] = copy(field, key);
      path.pop();
    }
    return result;
  };

  return copy(input, "");
}

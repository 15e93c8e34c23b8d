import { InvalidEventError } from "../errors.ts";
import { fieldPath } from "./field-path.ts";

/** Far deeper than any event, and shallow enough for every stack. */
const maxDepth = 500;

/**
 * The one JSON text of a value: keys in the order of their UTF-16 code units, numbers as ECMAScript writes them,
 * no white space. Equal values have equal text in every language. Source: RFC 8785.
 *
 * Takes what `JSON.parse` gives; undefined fields are left out. Throws `InvalidEventError` (`not-json`) for
 * anything else, a `Date` included: it would have another form on the wire.
 */
export function canonicalJson(value: unknown): string {
  return write(value, []);
}

function write(value: unknown, path: PropertyKey[]): string {
  switch (typeof value) {
    case "string":
      return quote(value, path);
    case "number":
      // ECMAScript's own form, which RFC 8785 takes over; -0 is written 0.
      return Number.isFinite(value) ? String(value) : refuse(path, String(value));
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value === null) return "null";
      if (path.length === maxDepth) return refuse(path, `nesting deeper than ${maxDepth}`);
      return Array.isArray(value) ? writeList(value, path) : writeFields(value, path);
    default:
      return refuse(path, value === undefined ? "undefined" : `a ${typeof value}`);
  }
}

function writeList(list: readonly unknown[], path: PropertyKey[]): string {
  let text = "[";
  for (let index = 0; index < list.length; index++) {
    path.push(index);
    text += (index === 0 ? "" : ",") + write(list[index], path);
    path.pop();
  }
  return `${text}]`;
}

function writeFields(value: object, path: PropertyKey[]): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another realm has another Object.prototype, but one that ends the chain as well.
  if (prototype !== null && prototype !== Object.prototype && Object.getPrototypeOf(prototype) !== null) {
    return refuse(path, `a ${value.constructor?.name ?? "class instance"}`);
  }
  const fields = value as Readonly<Record<string, unknown>>;
  let text = "{";
  for (const key of Object.keys(fields).sort()) {
    const field = fields[key];
    if (field === undefined) continue;
    path.push(key);
    text += `${text === "{" ? "" : ","}${quote(key, path)}:${write(field, path)}`;
    path.pop();
  }
  return `${text}}`;
}

function quote(text: string, path: readonly PropertyKey[]): string {
  return text.isWellFormed() ? JSON.stringify(text) : refuse(path, "half of a surrogate pair");
}

function refuse(path: readonly PropertyKey[], what: string): never {
  throw new InvalidEventError(
    "not-json",
    `${fieldPath(path) || "the value"}: ${what} is not JSON; give what JSON.parse would give`,
  );
}

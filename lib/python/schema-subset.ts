import { patternProblem } from "./portable-pattern.ts";

/** Where a JSON Schema leaves the subset that Python checks, and how. */
export interface SchemaProblem {
  /** As in `schema.properties.cents.multipleOf`. */
  readonly at: string;
  readonly why: string;
}

type Schema = Readonly<Record<string, unknown>>;
type Check = (value: unknown, at: string, schema: Schema) => SchemaProblem | undefined;

const types = ["object", "array", "string", "number", "integer", "boolean", "null"];

/** Read and not checked. `format` is one, as the standard's default has it. */
const annotations = new Set([
  ..."$schema $id $comment $defs title description default examples deprecated readOnly writeOnly format".split(
    " ",
  ),
]);

/**
 * The first place where a JSON Schema (draft 2020-12) uses what `python/omnibus` does not check: the same rules as
 * `omnibus.schema.compile_schema`, held together by `test/vectors/schema-subset.json`.
 */
export function schemaProblem(root: unknown): SchemaProblem | undefined {
  const schemas = (parts: readonly unknown[], at: (key: number) => string) =>
    first(parts.keys(), (index) => visit(parts[index], at(index)));
  const byName = (value: unknown, at: string) =>
    isObject(value)
      ? first(Object.keys(value), (name) => visit(value[name], `${at}.${name}`))
      : { at, why: "it must be an object of schemas" };
  const parts: Check = (value, at) =>
    Array.isArray(value) && value.length > 0
      ? schemas(value, (index) => `${at}[${index}]`)
      : { at, why: "it must be a list of schemas" };
  const one: Check = (value, at) => visit(value, at);

  const checks: Readonly<Record<string, Check>> = {
    ...simpleChecks,
    anyOf: parts,
    oneOf: parts,
    allOf: parts,
    items: one,
    propertyNames: one,
    additionalProperties: one,
    properties: byName,
    $ref: (value, at) =>
      value === "#" || (typeof value === "string" && Object.hasOwn(references(root), value))
        ? undefined
        : {
            at,
            why: `${JSON.stringify(value)} leads nowhere; # and #/$defs/<name> of the same schema are followed`,
          },
  };

  const visit = (schema: unknown, at: string): SchemaProblem | undefined => {
    if (typeof schema === "boolean") return undefined;
    if (!isObject(schema)) return { at, why: "a schema is an object or a boolean" };
    return first(Object.keys(schema), (keyword) => {
      const check = Object.hasOwn(checks, keyword) ? checks[keyword] : undefined;
      if (check) return check(schema[keyword], `${at}.${keyword}`, schema);
      return annotations.has(keyword)
        ? undefined
        : {
            at: `${at}.${keyword}`,
            why: `the keyword ${JSON.stringify(keyword)} is not in the subset; allowed are ${Object.keys(checks).join(", ")}`,
          };
    });
  };
  const named = references(root);
  return first(Object.keys(named), (name) => visit(named[name], name)) ?? visit(root, "schema");
}

/** Checks that look at their own value alone. */
const simpleChecks: Readonly<Record<string, Check>> = {
  type: (value, at) => {
    const wanted = typeof value === "string" ? [value] : Array.isArray(value) ? value : [];
    return wanted.length > 0 && wanted.every((type) => types.includes(type))
      ? undefined
      : { at, why: `${JSON.stringify(value)} is no type; allowed are ${types.join(", ")}` };
  },
  required: isOr((value) => Array.isArray(value), "a list of names"),
  enum: isOr((value) => Array.isArray(value), "a list of values"),
  const: () => undefined,
  pattern: (value, at) => {
    const why = typeof value === "string" ? patternProblem(value) : "it must be text";
    return why === undefined ? undefined : { at, why };
  },
  ...eachOf(
    ["minLength", "maxLength", "minItems", "maxItems"],
    isOr((value) => Number.isInteger(value) && Number(value) >= 0, "a count"),
  ),
  ...eachOf(
    ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
    isOr((value) => typeof value === "number", "a number"),
  ),
};

function isOr(fits: (value: unknown) => boolean, what: string): Check {
  return (value, at) => (fits(value) ? undefined : { at, why: `it must be ${what}` });
}

function eachOf(names: readonly string[], check: Check): Readonly<Record<string, Check>> {
  return Object.fromEntries(names.map((name) => [name, check]));
}

/** What `$ref` may name: `#/$defs/<name>`. */
function references(root: unknown): Schema {
  const definitions = isObject(root) && isObject(root.$defs) ? root.$defs : {};
  return Object.fromEntries(Object.entries(definitions).map(([name, schema]) => [`#/$defs/${name}`, schema]));
}

function first<Item>(
  items: Iterable<Item>,
  find: (item: Item) => SchemaProblem | undefined,
): SchemaProblem | undefined {
  for (const item of items) {
    const found = find(item);
    if (found) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A JSON Schema, as far as it is looked at here. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/**
 * A value that a JSON Schema describes, as small as can be: required properties alone. Made for a first test, so it is a
 * guess where the schema asks for a pattern or more; whoever uses it validates it first.
 */
export function sampleOf(schema: unknown, name = "value"): unknown {
  if (!isSchema(schema)) return name;
  if ("const" in schema) return schema.const;
  for (const list of [schema.enum, schema.examples])
    if (Array.isArray(list) && list.length > 0) return list[0];
  if ("default" in schema) return schema.default;
  for (const choices of [schema.anyOf, schema.oneOf, schema.allOf]) {
    if (Array.isArray(choices) && choices.length > 0) return sampleOf(choices[0], name);
  }
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case "object":
      return sampleObject(schema);
    case "array":
      return Array.from({ length: numberOr(schema.minItems, 0) }, () => sampleOf(schema.items, name));
    case "integer":
    case "number":
      return sampleNumber(schema);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return sampleText(schema, name);
  }
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const numberOr = (value: unknown, otherwise: number) => (typeof value === "number" ? value : otherwise);

function sampleObject({ properties, required }: JsonSchema): Record<string, unknown> {
  const known = isSchema(properties) ? properties : {};
  const names = Array.isArray(required) ? required.map(String) : [];
  return Object.fromEntries(names.map((name) => [name, sampleOf(known[name], name)]));
}

function sampleNumber(schema: JsonSchema): number {
  // An exclusive bound is stepped over by one, which holds for whole numbers and nearly all others.
  const least = Math.max(
    numberOr(schema.minimum, Number.NEGATIVE_INFINITY),
    numberOr(schema.exclusiveMinimum, Number.NEGATIVE_INFINITY) + 1,
  );
  const most = Math.min(
    numberOr(schema.maximum, Number.POSITIVE_INFINITY),
    numberOr(schema.exclusiveMaximum, Number.POSITIVE_INFINITY) - 1,
  );
  const step = numberOr(schema.multipleOf, 1);
  const wanted = Math.min(Math.max(1, least), most);
  return Math.ceil(wanted / step) * step;
}

/** By `format`, as JSON Schema names them. */
const formats: Readonly<Record<string, string>> = {
  date: "2026-01-31",
  "date-time": "2026-01-31T12:00:00Z",
  time: "12:00:00Z",
  duration: "PT1H",
  email: "ann@example.com",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uri: "https://example.com/",
  uuid: "018f3f6e-5b7a-7c3d-8e9f-0123456789ab",
};

function sampleText({ format, minLength, maxLength }: JsonSchema, name: string): string {
  const byFormat = typeof format === "string" ? formats[format] : undefined;
  const text = byFormat ?? `${name}-1`;
  return byFormat
    ? text
    : text.padEnd(numberOr(minLength, 0), "x").slice(0, numberOr(maxLength, text.length + 999));
}

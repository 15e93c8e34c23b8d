import { SettingsError } from "../../src/errors.ts";
import { matchesRule } from "../../src/filter/index.ts";
import { lambda } from "../../src/limits-of-aws.ts";

/** Whether a mapping gives a record to its function. */
export type EventFilter = (record: unknown) => boolean;

type Pattern = Readonly<Record<string, unknown>>;

/**
 * Makes one filter of a mapping's patterns: a record passes that one of them takes; without any, all do. Throws
 * `SettingsError` for what is no pattern. Source: Lambda, "Control which events Lambda sends to your function".
 */
export function compileFilters(patterns: readonly string[]): EventFilter {
  if (patterns.length > lambda.maxFilters) {
    throw new SettingsError(
      "mapping-filter",
      `a mapping has ${patterns.length} filters: ${lambda.maxFilters} are allowed`,
    );
  }
  const compiled = patterns.map(readPattern);
  return compiled.length === 0 ? () => true : (record) => compiled.some((pattern) => takes(pattern, record));
}

function readPattern(text: string): Pattern {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch (cause) {
    throw new SettingsError("mapping-filter", `the filter pattern ${text} is not JSON`, { cause });
  }
  const wrong = whatIsWrong(pattern, "");
  if (wrong !== undefined) throw new SettingsError("mapping-filter", `the filter pattern ${text} ${wrong}`);
  return pattern as Pattern;
}

/** A field holds a list of rules, or more fields. */
function whatIsWrong(pattern: unknown, path: string): string | undefined {
  if (!isObject(pattern))
    return `has ${JSON.stringify(pattern)} at ${path || "its top"}: a list of rules is allowed`;
  if (Object.keys(pattern).length === 0) return `has no field at ${path || "its top"}`;
  for (const [name, value] of Object.entries(pattern)) {
    const at = path === "" ? name : `${path}.${name}`;
    const inner = name === "$or" && Array.isArray(value) ? value : Array.isArray(value) ? [] : [value];
    if (Array.isArray(value) && value.length === 0) return `has an empty list at ${at}`;
    for (const one of inner) {
      const wrong = whatIsWrong(one, at);
      if (wrong !== undefined) return wrong;
    }
  }
  return undefined;
}

function takes(pattern: Pattern, event: unknown): boolean {
  return Object.entries(pattern).every(([name, wanted]) => {
    if (name === "$or" && Array.isArray(wanted))
      return wanted.some((group) => takes(group as Pattern, event));
    const values = valuesAt(event, name);
    if (!Array.isArray(wanted)) {
      // What is not there still has to meet an `exists: false` further down.
      return (values.length === 0 ? [undefined] : values).some((value) => takes(wanted as Pattern, value));
    }
    return wanted.some((rule) => {
      if (isObject(rule) && "exists" in rule) return values.length > 0 === rule.exists;
      return values.some((value) => matchesRule(rule, value));
    });
  });
}

/** What a field holds: one value, or those of a list; none when it is not there. */
function valuesAt(event: unknown, name: string): readonly unknown[] {
  if (!isObject(event) || !Object.hasOwn(event, name)) return [];
  const value = event[name];
  return Array.isArray(value) ? value : [value];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

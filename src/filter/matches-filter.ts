import { matchesRule } from "./matches-rule.ts";

/** A message attribute, in SNS's words. Binary ones match nothing but `exists`. */
export interface FilterAttribute {
  /** `String`, `Number`, `String.Array`, `Binary`; a label of one's own may follow after a point. */
  readonly DataType: string;
  readonly StringValue?: string | undefined;
}

export type FilterAttributes = Readonly<Record<string, FilterAttribute>>;

/**
 * Whether SNS delivers a message with these attributes to a subscription with this filter policy (scope
 * `MessageAttributes`): every name in the policy must have a value that one of its rules takes; of the groups under `$or`
 * one must hold.
 *
 * A rule that SNS does not know takes nothing. Never throws. Source: SNS, "Amazon SNS subscription filter policies".
 */
export function matchesFilter(policy: object, attributes: FilterAttributes): boolean {
  return Object.entries(policy).every(([name, rules]) => {
    if (name === "$or" && Array.isArray(rules)) {
      return rules.some((group) => isObject(group) && matchesFilter(group, attributes));
    }
    return (Array.isArray(rules) ? rules : [rules]).some((rule) => matches(rule, attributes, name));
  });
}

function matches(rule: unknown, attributes: FilterAttributes, name: string): boolean {
  const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  if (isObject(rule) && "exists" in rule) {
    if (rule.exists === true) return attribute !== undefined;
    // Source: SNS, "Attribute key matching": a message without any attribute is not looked at, and not delivered.
    return rule.exists === false && attribute === undefined && Object.keys(attributes).length > 0;
  }
  if (attribute === undefined) return false;
  return valuesOf(attribute).some((value) => matchesRule(rule, value));
}

/** What an attribute holds: one value, or those of an array. */
function valuesOf({ DataType, StringValue = "" }: FilterAttribute): readonly unknown[] {
  if (DataType === "Binary" || DataType.startsWith("Binary.")) return [];
  if (DataType === "Number" || (DataType.startsWith("Number.") && DataType !== "Number.Array")) {
    return [StringValue.trim() === "" ? Number.NaN : Number(StringValue)];
  }
  if (!DataType.endsWith(".Array")) return [StringValue];
  try {
    const values: unknown = JSON.parse(StringValue);
    return Array.isArray(values) ? values : [];
  } catch {
    return [];
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

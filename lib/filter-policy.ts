import type { Contract, DataOf } from "../src/contract/index.ts";

/** What a text attribute may look like. Source: SNS, "String value matching". */
export type TextRule =
  | { readonly prefix: string }
  | { readonly suffix: string }
  | { readonly "equals-ignore-case": string }
  | { readonly "anything-but": string | readonly string[] | { readonly prefix: string } };

/** What a number may be: `[">=", 1000, "<", 5000]`. Source: SNS, "Numeric value matching". */
export type NumberRule =
  | { readonly numeric: readonly (string | number)[] }
  | { readonly "anything-but": number | readonly number[] };

/** Whether the event has the field at all. */
export type PresenceRule = { readonly exists: boolean };

/** What one field of the data may be: any one of the rules must hold. */
export type FieldRules<Value> = readonly (
  | Value
  | (Value extends string ? TextRule : Value extends number ? NumberRule : never)
  | PresenceRule
)[];

/**
 * Which events a consumer wants, by the contracts' filterable fields: every field must match one of its rules.
 *
 * Typed by the data: a field that is not common to all contracts of the consumer does not compile.
 */
export type Where<C extends Contract> = {
  readonly [Field in keyof DataOf<C> & string]?: NonNullable<DataOf<C>[Field]> extends string | number
    ? FieldRules<NonNullable<DataOf<C>[Field]>>
    : never;
};

/** A filter policy on message attributes, as SNS takes it: a list of rules per attribute. */
export type FilterPolicy = Readonly<Record<string, readonly unknown[]>>;

/**
 * The policy of one topic's subscription: the contracts' types, and what `where` asks for. What is no list of rules
 * becomes one that `hasRules` refuses: left out, it would let everything through.
 */
export function filterPolicy(contracts: readonly Contract[], where: object = {}): FilterPolicy {
  const types = [...new Set(contracts.map(({ type }) => type))];
  const fields = Object.entries(where)
    .filter(([, rules]) => rules !== undefined)
    .map(([field, rules]) => [field, Array.isArray(rules) ? rules.map(lowered) : []]);
  return { ...Object.fromEntries(fields), type: types };
}

/** Whether SNS can read an attribute's rules: one at least, each a text, a boolean or an object with one rule in it. */
export function hasRules(rules: readonly unknown[]): boolean {
  return rules.length > 0 && rules.every(isRule);
}

function isRule(rule: unknown): boolean {
  if (typeof rule === "string" || typeof rule === "boolean") return true;
  if (typeof rule !== "object" || rule === null || Array.isArray(rule)) return false;
  const [operand, ...more] = Object.values(rule);
  const isEmpty = Array.isArray(operand) && operand.length === 0;
  const hasNoNumber = Array.isArray(operand) && operand.some(Number.isNaN);
  return operand !== undefined && more.length === 0 && !isEmpty && !hasNoNumber;
}

/** How many combinations SNS counts: the product of the numbers of rules. */
export function countCombinations(policy: FilterPolicy): number {
  return Object.values(policy).reduce((product, rules) => product * rules.length, 1);
}

/** SNS compares bare numbers as text, so that 300 is not 300.0: as a numeric rule they are compared as numbers. */
function lowered(rule: unknown): unknown {
  return typeof rule === "number" ? { numeric: ["=", rule] } : rule;
}

import { LocalCloudError } from "../local-cloud-error.ts";
import { isRecord } from "./template.ts";

/** What a template's intrinsic functions look up. Each method throws `LocalCloudError` for what is not there. */
export interface Scope {
  readonly region: string;
  /** The value of `Ref`: a pseudo parameter, a parameter, a resource. */
  ref(name: string): unknown;
  getAtt(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
  findInMap(map: string, first: string, second: string): unknown;
  importValue(name: string): unknown;
  /** An output of another stack, exported or not. */
  stackOutput(stack: string, output: string): unknown;
}

/** Stands for `AWS::NoValue`: the property that has it is left out. */
export const noValue: unique symbol = Symbol("AWS::NoValue");

/**
 * A template's value with all intrinsic functions worked out.
 * (AWS CloudFormation user guide, intrinsic-function-reference)
 */
export function resolveValue(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolveValue(item, scope)).filter((item) => item !== noValue);
  }
  if (!isRecord(value)) return value;
  const keys = Object.keys(value);
  const [name = ""] = keys;
  if (keys.length === 1 && (name === "Ref" || name === "Condition" || name.startsWith("Fn::"))) {
    const known = functions[name];
    if (known !== undefined) return known(value[name], scope);
    if (name.startsWith("Fn::")) throw unsupported(name);
  }
  const resolved: Record<string, unknown> = {};
  for (const key of keys) {
    const item = resolveValue(value[key], scope);
    if (item !== noValue) resolved[key] = item;
  }
  return resolved;
}

/** The truth of a condition's expression. */
export function resolveCondition(expression: unknown, scope: Scope): boolean {
  const result = resolveValue(expression, scope);
  if (typeof result === "boolean") return result;
  if (result === "true" || result === "false") return result === "true";
  throw invalid("a condition", expression);
}

type Intrinsic = (given: unknown, scope: Scope) => unknown;

const functions: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, scope) => scope.ref(text(name, "Ref")),
  Condition: (name, scope) =>
    typeof name === "string" ? scope.condition(name) : { Condition: resolveValue(name, scope) },
  "Fn::GetAtt": (given, scope) => {
    const [logicalId, ...attribute] =
      typeof given === "string"
        ? given.split(".")
        : list(given, "Fn::GetAtt").map((part) => resolveValue(part, scope));
    return scope.getAtt(String(logicalId), attribute.join("."));
  },
  "Fn::Sub": substitute,
  "Fn::Join": (given, scope) => {
    const [delimiter, items] = list(given, "Fn::Join");
    return list(resolveValue(items, scope), "Fn::Join").map(String).join(text(delimiter, "Fn::Join"));
  },
  "Fn::Split": (given, scope) => {
    const [delimiter, source] = list(given, "Fn::Split");
    return text(resolveValue(source, scope), "Fn::Split").split(text(delimiter, "Fn::Split"));
  },
  "Fn::Select": (given, scope) => {
    const [index, items] = list(given, "Fn::Select").map((part) => resolveValue(part, scope));
    const chosen = list(items, "Fn::Select")[Number(index)];
    if (chosen === undefined) throw invalid("Fn::Select", given);
    return chosen;
  },
  "Fn::If": (given, scope) => {
    const [condition, whenTrue, whenFalse] = list(given, "Fn::If");
    return resolveValue(scope.condition(text(condition, "Fn::If")) ? whenTrue : whenFalse, scope);
  },
  "Fn::And": (given, scope) => list(given, "Fn::And").every((part) => resolveCondition(part, scope)),
  "Fn::Or": (given, scope) => list(given, "Fn::Or").some((part) => resolveCondition(part, scope)),
  "Fn::Not": (given, scope) => !resolveCondition(list(given, "Fn::Not")[0], scope),
  "Fn::Equals": (given, scope) => {
    const [left, right] = list(given, "Fn::Equals").map((part) => resolveValue(part, scope));
    return typeof left === "object" || typeof right === "object"
      ? JSON.stringify(left) === JSON.stringify(right)
      : String(left) === String(right);
  },
  "Fn::Contains": (given, scope) => {
    const [items, wanted] = list(given, "Fn::Contains").map((part) => resolveValue(part, scope));
    return list(items, "Fn::Contains").map(String).includes(String(wanted));
  },
  "Fn::FindInMap": (given, scope) => {
    const [map, first, second, otherwise] = list(given, "Fn::FindInMap").map((part) =>
      resolveValue(part, scope),
    );
    const found = scope.findInMap(String(map), String(first), String(second));
    if (found !== undefined) return found;
    if (isRecord(otherwise) && "DefaultValue" in otherwise) return otherwise.DefaultValue;
    throw invalid("Fn::FindInMap", given);
  },
  "Fn::ImportValue": (given, scope) => scope.importValue(text(resolveValue(given, scope), "Fn::ImportValue")),
  "Fn::GetStackOutput": (given, scope) => {
    const { StackName, OutputName } = resolveValue(given, scope) as Readonly<Record<string, unknown>>;
    return scope.stackOutput(text(StackName, "Fn::GetStackOutput"), text(OutputName, "Fn::GetStackOutput"));
  },
  "Fn::Base64": (given, scope) =>
    Buffer.from(text(resolveValue(given, scope), "Fn::Base64")).toString("base64"),
  "Fn::GetAZs": (given, scope) => {
    const region = resolveValue(given, scope);
    return ["a", "b", "c"].map((zone) => `${region === "" ? scope.region : String(region)}${zone}`);
  },
  "Fn::Length": (given, scope) => list(resolveValue(given, scope), "Fn::Length").length,
  "Fn::ToJsonString": (given, scope) => JSON.stringify(resolveValue(given, scope)),
};

/** `${Name}`, `${Resource.Attribute}`, `${!literal}`, and names of the function's own map. */
function substitute(given: unknown, scope: Scope): string {
  const [template, variables] = typeof given === "string" ? [given, {}] : list(given, "Fn::Sub");
  const own = isRecord(variables) ? variables : {};
  return text(template, "Fn::Sub").replace(/\$\{([^}]+)\}/g, (_whole, inside: string) => {
    if (inside.startsWith("!")) return `\${${inside.slice(1)}}`;
    const name = inside.trim();
    if (name in own) return String(resolveValue(own[name], scope));
    if (!name.includes(".")) return String(scope.ref(name));
    const [logicalId = "", ...attribute] = name.split(".");
    return String(scope.getAtt(logicalId, attribute.join(".")));
  });
}

function list(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid(where, value);
}

function text(value: unknown, where: string): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw invalid(where, value);
}

function invalid(where: string, value: unknown): LocalCloudError {
  return new LocalCloudError("template-invalid", `${where} cannot be worked out: ${JSON.stringify(value)}`);
}

function unsupported(name: string): LocalCloudError {
  return new LocalCloudError("unsupported-function", `${name} is not part of the local cloud`);
}

import { isRecord, type TemplateResource } from "./template.ts";

/** Names that a value refers to, by `Ref`, `Fn::GetAtt` and `Fn::Sub`: logical ids and parameters alike. */
export function referencesOf(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (Array.isArray(value)) {
    for (const item of value) referencesOf(item, found);
  } else if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === "Ref" && typeof inner === "string") found.add(inner);
      else if (key === "Fn::GetAtt")
        found.add(String(Array.isArray(inner) ? inner[0] : inner).split(".")[0] ?? "");
      else if (key === "Fn::Sub") addSubstituted(inner, found);
      else referencesOf(inner, found);
    }
  }
  return found;
}

/** What a value takes from other stacks, unresolved: names of exports, and names of stacks. */
export interface Imports {
  readonly exports: unknown[];
  readonly stacks: unknown[];
}

/** Finds `Fn::ImportValue` and `Fn::GetStackOutput` in a value. */
export function importsOf(value: unknown, found: Imports = { exports: [], stacks: [] }): Imports {
  if (Array.isArray(value)) {
    for (const item of value) importsOf(item, found);
  } else if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === "Fn::ImportValue") found.exports.push(inner);
      if (key === "Fn::GetStackOutput" && isRecord(inner)) found.stacks.push(inner.StackName);
      importsOf(inner, found);
    }
  }
  return found;
}

/** Logical ids that a resource needs before itself. */
export function dependenciesOf({ Properties, DependsOn = [] }: TemplateResource): Set<string> {
  const found = referencesOf(Properties);
  for (const logicalId of typeof DependsOn === "string" ? [DependsOn] : DependsOn) found.add(logicalId);
  return found;
}

function addSubstituted(given: unknown, found: Set<string>): void {
  const [template, variables] = Array.isArray(given) ? given : [given, {}];
  for (const [, name = ""] of String(template).matchAll(/\$\{([^!}][^}]*)\}/g)) {
    if (!(isRecord(variables) && name in variables)) found.add(name.trim().split(".")[0] ?? "");
  }
  referencesOf(variables, found);
}

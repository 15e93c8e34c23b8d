import { createHash } from "node:crypto";
import { describeError } from "../../../src/errors.ts";
import type { StackTemplate } from "../assembly/read-assembly.ts";
import { resolveValue } from "../assembly/resolve.ts";
import type { TemplateResource } from "../assembly/template.ts";
import { LocalCloudError } from "../local-cloud-error.ts";
import {
  applied,
  type Placed,
  type Platform,
  type Properties,
  type ResourceType,
  resourceTypes,
} from "../resources/index.ts";
import type { StackScope } from "./scope.ts";

/** A resource that stands, with what it was made from. */
export interface Standing extends Placed {
  readonly type: ResourceType;
  readonly properties: Properties;
  readonly fingerprint: string;
  readonly unsupported: readonly string[];
  /** Whether its template says that it stays when it goes from the app. */
  readonly retain: boolean;
}

/** Makes one resource, changes it, or says that neither is needed or possible: all into `result`. */
export async function placeResource({
  stack,
  logicalId,
  resource,
  scope,
  platform,
  standing,
  result,
}: {
  stack: StackTemplate;
  logicalId: string;
  resource: TemplateResource;
  scope: StackScope;
  platform: Platform;
  standing: Map<string, Standing>;
  result: { unsupported: string[]; changed: string[]; notApplied: string[] };
}): Promise<void> {
  const key = `${stack.name}/${logicalId}`;
  const type = resourceTypes.get(resource.Type);
  if (type === undefined) {
    result.unsupported.push(`${key}: ${resource.Type} is not part of the local cloud`);
    return;
  }
  const where = `${key} (${resource.Type})`;
  const { properties, unknown } = readProperties(resource, type, scope, where);
  const unsupported = unknown.map((name) => `${where}: property ${name} is not applied here`);
  const fingerprint = JSON.stringify([resource.Type, properties]);
  const retain = (resource.DeletionPolicy ?? "Delete") !== "Delete";
  const before = standing.get(key);
  if (before?.fingerprint === fingerprint) {
    standing.set(key, { ...before, retain });
    result.unsupported.push(...before.unsupported);
    return;
  }
  if (before !== undefined && !(before.type === type && type.canUpdate?.(before.properties, properties))) {
    result.unsupported.push(...before.unsupported);
    result.notApplied.push(`${where}: such a change needs a new start`);
    return;
  }
  try {
    const placed = await type.place({
      stack: stack.name,
      logicalId,
      properties,
      platform,
      defaultName: defaultName(stack.name, logicalId),
      unsupported: (what) => unsupported.push(`${where}: ${what}`),
    });
    standing.set(key, { ...placed, type, properties, fingerprint, unsupported, retain });
  } catch (cause) {
    throw new LocalCloudError(
      "resource-failed",
      `${where} could not be made: ${describeError(cause).message}`,
      { cause },
    );
  }
  result.unsupported.push(...unsupported);
  result.changed.push(key);
}

/** Only what is applied is worked out: an ignored policy may name things that are not here. */
function readProperties(
  { Properties = {} }: TemplateResource,
  type: ResourceType,
  scope: StackScope,
  where: string,
): { properties: Properties; unknown: readonly string[] } {
  const wanted: Record<string, unknown> = {};
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(Properties)) {
    const treatment = type.properties[name];
    if (treatment === undefined) unknown.push(name);
    else if (treatment === applied) wanted[name] = value;
  }
  try {
    return { properties: resolveValue(wanted, scope) as Properties, unknown };
  } catch (cause) {
    const { message } = describeError(cause);
    throw new LocalCloudError("template-invalid", `${where}: ${message}`, { cause });
  }
}

/** A resource that another refers to; throws `LocalCloudError` with what it is when it does not stand. */
export function findPlaced(
  stack: StackTemplate,
  logicalId: string,
  standing: ReadonlyMap<string, Standing>,
): Placed {
  const found = standing.get(`${stack.name}/${logicalId}`);
  if (found !== undefined) return found;
  const type = stack.template.Resources?.[logicalId]?.Type;
  const why =
    type === undefined
      ? "which the stack does not have"
      : resourceTypes.has(type)
        ? `an ${type} that its condition leaves out`
        : `an ${type}, which is not part of the local cloud`;
  throw new LocalCloudError("reference-unknown", `refers to ${stack.name}/${logicalId}, ${why}`);
}

/** As CloudFormation names what has no name: stack, logical id, and something to tell them apart; here a steady one. */
function defaultName(stack: string, logicalId: string): string {
  const mark = createHash("sha256").update(`${stack}/${logicalId}`).digest("hex").slice(0, 12).toUpperCase();
  const readable = `${stack}-${logicalId}`.slice(0, 50);
  return `${readable}-${mark}`;
}

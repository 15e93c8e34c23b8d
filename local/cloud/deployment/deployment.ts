import { createHash } from "node:crypto";
import { describeError } from "../../../src/errors.ts";
import { inOrder } from "../assembly/order.ts";
import type { Assembly, StackTemplate } from "../assembly/read-assembly.ts";
import { dependenciesOf } from "../assembly/references.ts";
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
import { createScope, type StackScope } from "./scope.ts";
import { stacksInOrder } from "./stack-order.ts";

/** A stack as it stands. */
export interface DeployedStack {
  readonly name: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: readonly {
    readonly logicalId: string;
    readonly type: string;
    readonly physicalId: string;
  }[];
}

/** What became of an assembly. Resources are named `Stack/LogicalId`. */
export interface Applied {
  readonly stacks: readonly DeployedStack[];
  /** What the app has and the local cloud has not, one sentence each. */
  readonly unsupported: readonly string[];
  /** Resources that were made, changed or taken away. */
  readonly changed: readonly string[];
  /** Changes that need a new start, with the reason. */
  readonly notApplied: readonly string[];
}

interface Standing extends Placed {
  readonly type: ResourceType;
  readonly properties: Properties;
  readonly fingerprint: string;
  readonly unsupported: readonly string[];
}

/** Brings what stands in line with an assembly, any number of times. */
export interface Deployment {
  /** Throws `LocalCloudError` for an app that cannot run here; what was placed before stays. */
  apply(assembly: Assembly, platform: Platform): Promise<Applied>;
}

/** A deployment with nothing in it. */
export function createDeployment(): Deployment {
  const standing = new Map<string, Standing>();
  return { apply: (assembly, platform) => applyAssembly(assembly, platform, standing) };
}

async function applyAssembly(
  assembly: Assembly,
  platform: Platform,
  standing: Map<string, Standing>,
): Promise<Applied> {
  const { region, account } = platform;
  const exports = new Map<string, unknown>();
  const result = {
    stacks: [] as DeployedStack[],
    unsupported: [] as string[],
    changed: [] as string[],
    notApplied: [] as string[],
  };
  const kept = new Set<string>();
  for (const stack of stacksInOrder(assembly.stacks, { region, account })) {
    if (stack.template.Transform !== undefined) {
      result.unsupported.push(
        `${stack.name}: Transform ${JSON.stringify(stack.template.Transform)} is not run here`,
      );
    }
    if (stack.region !== undefined && stack.region !== region) {
      result.unsupported.push(`${stack.name}: region ${stack.region}; everything runs in ${region} here`);
    }
    const scope: StackScope = createScope(stack, {
      region,
      account,
      placed: (logicalId) => findPlaced(stack, logicalId, standing),
      exported: (name) => {
        if (exports.has(name)) return exports.get(name);
        throw new LocalCloudError(
          "import-unknown",
          `stack ${stack.name} imports ${JSON.stringify(name)}, which no stack before it exports`,
        );
      },
    });
    const resources = stack.template.Resources ?? {};
    const order = inOrder(Object.keys(resources), (id) => {
      const resource = resources[id];
      return resource === undefined ? [] : dependenciesOf(resource);
    });
    for (const logicalId of order) {
      const resource = resources[logicalId];
      if (resource === undefined) continue;
      if (resource.Condition !== undefined && !scope.condition(resource.Condition)) continue;
      const key = `${stack.name}/${logicalId}`;
      kept.add(key);
      await placeOne({ stack, logicalId, resource, scope, platform, standing, result });
    }
    result.stacks.push(describeStack(stack, order, scope, { standing, exports, result }));
  }
  await removeGone(kept, standing, platform, result);
  return result;
}

async function placeOne({
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
  const before = standing.get(key);
  if (before?.fingerprint === fingerprint) {
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
    standing.set(key, { ...placed, type, properties, fingerprint, unsupported });
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

function findPlaced(
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

function describeStack(
  stack: StackTemplate,
  order: readonly string[],
  scope: StackScope,
  {
    standing,
    exports,
    result,
  }: {
    standing: ReadonlyMap<string, Standing>;
    exports: Map<string, unknown>;
    result: { unsupported: string[] };
  },
): DeployedStack {
  const outputs: Record<string, string> = {};
  for (const [name, { Value, Condition, Export }] of Object.entries(stack.template.Outputs ?? {})) {
    if (Condition !== undefined && !scope.condition(Condition)) continue;
    try {
      const value = resolveValue(Value, scope);
      outputs[name] = String(value);
      if (Export !== undefined) exports.set(String(resolveValue(Export.Name, scope)), value);
    } catch (thrown) {
      result.unsupported.push(`${stack.name}: output ${name} ${describeError(thrown).message}`);
    }
  }
  const resources = order.flatMap((logicalId) => {
    const found = standing.get(`${stack.name}/${logicalId}`);
    return found === undefined ? [] : [{ logicalId, type: found.type.type, physicalId: found.physicalId }];
  });
  return { name: stack.name, outputs, resources };
}

async function removeGone(
  kept: ReadonlySet<string>,
  standing: Map<string, Standing>,
  platform: Platform,
  result: { changed: string[]; notApplied: string[] },
): Promise<void> {
  for (const [key, gone] of [...standing].reverse()) {
    if (kept.has(key)) continue;
    standing.delete(key);
    if (gone.type.remove === undefined) {
      result.notApplied.push(
        `${key} (${gone.type.type}): it is gone from the app and stays until the next start`,
      );
      continue;
    }
    await gone.type.remove(gone, platform);
    result.changed.push(key);
  }
}

/** As CloudFormation names what has no name: stack, logical id, and something to tell them apart; here a steady one. */
function defaultName(stack: string, logicalId: string): string {
  const mark = createHash("sha256").update(`${stack}/${logicalId}`).digest("hex").slice(0, 12).toUpperCase();
  const readable = `${stack}-${logicalId}`.slice(0, 50);
  return `${readable}-${mark}`;
}

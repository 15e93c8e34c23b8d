import { inOrder } from "../assembly/order.ts";
import type { Assembly } from "../assembly/read-assembly.ts";
import { dependenciesOf } from "../assembly/references.ts";
import { LocalCloudError } from "../local-cloud-error.ts";
import type { Platform } from "../resources/index.ts";
import { type DeployedStack, describeStack } from "./describe-stack.ts";
import { type Lasting, lastingOf } from "./lasting.ts";
import { findPlaced, placeResource, type Standing } from "./place-resource.ts";
import { createScope, type StackScope } from "./scope.ts";
import { stacksInOrder } from "./stack-order.ts";

/** What became of an assembly. Resources are named `Stack/LogicalId`. */
export interface Applied {
  readonly stacks: readonly DeployedStack[];
  /** What the app has and the local cloud has not, one sentence each. */
  readonly unsupported: readonly string[];
  /** Resources that were made, changed or taken away. */
  readonly changed: readonly string[];
  /** Changes that need a new start, with the reason. */
  readonly notApplied: readonly string[];
  /** What of all that stands a data folder keeps. */
  readonly lasting: readonly Lasting[];
  /** The same of what has gone from the app now, and stays until the next start. */
  readonly left: readonly Lasting[];
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
      outputOf: (name, output) => {
        const found = result.stacks.find((other) => other.name === name)?.outputs[output];
        if (found !== undefined) return found;
        throw new LocalCloudError(
          "output-unknown",
          `stack ${stack.name} needs output ${output} of stack ${name}, which no stack before it has`,
        );
      },
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
      await placeResource({ stack, logicalId, resource, scope, platform, standing, result });
    }
    result.stacks.push(describeStack(stack, order, scope, { standing, exports, result }));
  }
  const left = await removeGone(kept, standing, platform, result);
  return { ...result, lasting: lastingOf(standing), left: lastingOf(left) };
}

/** Answers what stays, for want of a way to take it away while all goes on. */
async function removeGone(
  kept: ReadonlySet<string>,
  standing: Map<string, Standing>,
  platform: Platform,
  result: { changed: string[]; notApplied: string[] },
): Promise<readonly [string, Standing][]> {
  const left: [string, Standing][] = [];
  const thing = ({ type, physicalId }: Standing) => `${type.type} ${physicalId}`;
  const things = new Set([...standing].filter(([key]) => kept.has(key)).map(([, stays]) => thing(stays)));
  for (const [key, gone] of [...standing].reverse()) {
    if (kept.has(key)) continue;
    standing.delete(key);
    // It has moved to another stack or logical id, and is one with what was placed there.
    if (things.has(thing(gone))) continue;
    if (gone.type.remove === undefined) {
      left.push([key, gone]);
      result.notApplied.push(
        `${key} (${gone.type.type}): it is gone from the app and stays until the next start`,
      );
      continue;
    }
    await gone.type.remove(gone, platform);
    result.changed.push(key);
  }
  return left;
}

import { describeError } from "../../../src/errors.ts";
import type { StackTemplate } from "../assembly/read-assembly.ts";
import { resolveValue } from "../assembly/resolve.ts";
import type { Standing } from "./place-resource.ts";
import type { StackScope } from "./scope.ts";

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

/** Works out a stack's outputs and exports. An output that cannot be is listed as unsupported. */
export function describeStack(
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

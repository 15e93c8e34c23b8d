import { inOrder } from "../assembly/order.ts";
import type { StackTemplate } from "../assembly/read-assembly.ts";
import { importsOf } from "../assembly/references.ts";
import { resolveValue } from "../assembly/resolve.ts";
import { LocalCloudError } from "../local-cloud-error.ts";
import { createScope } from "./scope.ts";

/**
 * Stacks so that each comes after those that its manifest names and those whose exports it imports. An import written
 * by hand is in no manifest, so names of exports are worked out here, as far as they need no resource.
 */
export function stacksInOrder(
  stacks: readonly StackTemplate[],
  place: { region: string; account: string },
): readonly StackTemplate[] {
  const exporters = new Map<string, string>();
  const nameOf = (stack: StackTemplate, name: unknown): string | undefined => {
    const refuse = () => {
      throw new LocalCloudError("export-name", "needs a resource");
    };
    try {
      return String(
        resolveValue(
          name,
          createScope(stack, { ...place, placed: refuse, exported: refuse, outputOf: refuse }),
        ),
      );
    } catch {
      return undefined;
    }
  };
  for (const stack of stacks) {
    for (const { Export } of Object.values(stack.template.Outputs ?? {})) {
      const name = Export === undefined ? undefined : nameOf(stack, Export.Name);
      if (name !== undefined) exporters.set(name, stack.id);
    }
  }
  const byName = new Map(stacks.map((stack) => [stack.name, stack]));
  const byId = new Map(stacks.map((stack) => [stack.id, stack]));
  const dependencies = (id: string): readonly string[] => {
    const stack = byId.get(id);
    if (stack === undefined) return [];
    const { Resources, Outputs } = stack.template;
    const imports = importsOf([Resources, Outputs]);
    const exporting = imports.exports.map((name) => exporters.get(nameOf(stack, name) ?? ""));
    const named = imports.stacks.map((name) => byName.get(nameOf(stack, name) ?? "")?.id);
    return [...stack.dependencies, ...[...exporting, ...named].filter((other) => other !== undefined)];
  };
  return inOrder([...byId.keys()], dependencies).flatMap((id) => byId.get(id) ?? []);
}

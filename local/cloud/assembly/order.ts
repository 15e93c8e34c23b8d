import { LocalCloudError } from "../local-cloud-error.ts";

/**
 * `ids` so that each comes after all it depends on; otherwise in the order given. Dependencies outside of `ids` are
 * passed over. Throws `LocalCloudError` with the circle when there is one.
 */
export function inOrder(
  ids: readonly string[],
  dependenciesOf: (id: string) => Iterable<string>,
): readonly string[] {
  const known = new Set(ids);
  const done = new Set<string>();
  const open: string[] = [];
  const visit = (id: string) => {
    if (done.has(id) || !known.has(id)) return;
    if (open.includes(id)) {
      const circle = [...open.slice(open.indexOf(id)), id].join(" → ");
      throw new LocalCloudError("template-circle", `these depend on each other in a circle: ${circle}`);
    }
    open.push(id);
    for (const other of dependenciesOf(id)) if (other !== id) visit(other);
    open.pop();
    done.add(id);
  };
  for (const id of ids) visit(id);
  return [...done];
}

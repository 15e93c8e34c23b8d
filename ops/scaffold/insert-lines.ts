import { posix } from "node:path";
import type { ContractPlan } from "./contract-plan.ts";
import type { NewFile } from "./new-file.ts";
import type { Project } from "./project.ts";

/** The comment under which a stack of `bus new app` takes new consumers. */
const marker = /^([ \t]*)\/\/ "bus new consumer" adds the next one above this line\.$/m;
/** The one import that such a stack has its contracts by. */
const contractsImport = /^import \* as contracts from "([^"]+)";$/m;
/** A file that does nothing but hand on what its neighbours export. */
const barrelOnly = /^(?:\s*(?:\/\/[^\n]*|export \{[^}]*\} from "\.\/[^"]+";))*\s*$/;

/**
 * The project's stack with one more consumer, and its list of contracts with the new ones: where the project has the
 * form that `bus new app` gave it. `undefined` where it has not; the lines are then pasted by hand.
 */
export function insertConsumer(
  project: Project,
  contracts: readonly ContractPlan[],
  construct: (indent: string, names: (contract: ContractPlan) => string) => string,
): readonly NewFile[] | undefined {
  const stack = project.sources.find(({ text }) => marker.test(text) && contractsImport.test(text));
  const imported = stack && contractsImport.exec(stack.text)?.[1];
  if (!stack || imported === undefined) return undefined;
  const listPath = posix.join(posix.dirname(stack.path), imported);
  const list = project.sources.find(({ path }) => path === listPath);
  if (!list || !barrelOnly.test(list.text)) return undefined;

  const added = contracts.filter(({ file }) => file !== undefined);
  const exports = added.map(
    ({ binding, path }) =>
      `export { ${binding} } from "./${posix.relative(posix.dirname(listPath), path)}";\n`,
  );
  const listed = list.text + exports.join("");
  if (!contracts.every(({ binding }) => new RegExp(`\\b${binding}\\b`).test(listed))) return undefined;

  const withConsumer = stack.text.replace(
    marker,
    (line, indent: string) => `${construct(indent, ({ binding }) => `contracts.${binding}`)}\n${line}`,
  );
  const change = (file: { path: string; text: string }, text: string): NewFile => ({
    path: file.path,
    text,
    replaces: file.text,
  });
  return [change(stack, withConsumer), ...(exports.length > 0 ? [change(list, listed)] : [])];
}

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Contract } from "../../src/contract/index.ts";
import { ScaffoldError } from "./scaffold-error.ts";
import type { SourceFile } from "./source-tree.ts";

/** Where the user's project defines an event. */
export interface FoundContract {
  readonly type: string;
  /** The name it is exported by. */
  readonly binding: string;
  readonly path: string;
  /** As it stands in the source; `undefined` where it is computed. */
  readonly topic: string | undefined;
}

/** `export const orderCreated = defineEvent("order.created", { …` */
const definition =
  /^export\s+const\s+([A-Za-z_$][\w$]*)[^=;]*=\s*defineEvent\(\s*["'`]([^"'`]+)["'`]\s*,([^;]*)/gm;
const isTest = (path: string) => /(^|\/)(tests?|__tests__)\/|\.(test|spec)\./.test(path);

/** Every contract that the project's sources export, its tests left out. */
export function findContracts(sources: readonly SourceFile[]): readonly FoundContract[] {
  return sources
    .filter(({ path }) => !isTest(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(definition)].map(([, binding = "", type = "", rest = ""]) => ({
        type,
        binding,
        path,
        topic: /\btopic\s*:\s*["'`]([^"'`]+)["'`]/.exec(rest)?.[1],
      })),
    );
}

/** The contract of this type; `undefined` when there is none. Throws `ScaffoldError` when there are several. */
export function findContract(contracts: readonly FoundContract[], type: string): FoundContract | undefined {
  const found = contracts.filter((one) => one.type === type);
  if (found.length > 1) {
    const places = found.map(({ path, binding }) => `${path} (${binding})`).join(", ");
    throw new ScaffoldError(
      "contract-ambiguous",
      `${type} is defined ${found.length} times: ${places}; say which file is meant with --contract <file>`,
    );
  }
  return found[0];
}

/** The contract itself, by running its file; `undefined` where that does not work, as in a project with a build step. */
export async function loadContract(project: string, found: FoundContract): Promise<Contract | undefined> {
  try {
    const module = (await import(pathToFileURL(join(project, found.path)).href)) as Record<string, unknown>;
    const value = module[found.binding];
    return isContract(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isContract(value: unknown): value is Contract {
  return typeof value === "object" && value !== null && "type" in value && "schema" in value;
}

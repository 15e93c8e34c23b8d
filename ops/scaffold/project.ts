import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type FoundContract, findContracts } from "./find-contract.ts";
import { projectFolder, type SourceFile, sourceFiles } from "./source-tree.ts";

/** A user's project, as far as new files have to fit into it. */
export interface Project {
  readonly folder: string;
  readonly sources: readonly SourceFile[];
  readonly contracts: readonly FoundContract[];
  /** What its relative imports end in. */
  readonly importEnding: ".ts" | ".js" | "";
  /** Where tests get `test` from. */
  readonly testModule: "node:test" | "vitest" | "@jest/globals";
  /** Where contracts, handlers and tests lie. */
  readonly folders: { readonly contracts: string; readonly handlers: string; readonly tests: string };
  /** Packages that package.json names. */
  readonly packages: ReadonlySet<string>;
}

/** Looks at the project that `directory` is in. Throws `ScaffoldError` (`no-project`) where there is none. */
export function readProject(directory: string): Project {
  const folder = projectFolder(directory);
  const sources = sourceFiles(folder);
  const contracts = findContracts(sources);
  const packages = packagesOf(folder);
  return {
    folder,
    sources,
    contracts,
    importEnding: importEndingOf(sources),
    testModule: packages.has("vitest") ? "vitest" : packages.has("jest") ? "@jest/globals" : "node:test",
    folders: {
      contracts: contractsFolder(contracts),
      handlers: handlersFolder(sources),
      tests: ["test", "tests"].find((name) => existsSync(join(folder, name))) ?? "test",
    },
    packages,
  };
}

function packagesOf(folder: string): ReadonlySet<string> {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return new Set([
      ...Object.keys(manifest.dependencies ?? {}),
      ...Object.keys(manifest.devDependencies ?? {}),
    ]);
  } catch {
    return new Set();
  }
}

/** As most of the project's own imports do; as Node runs it where there are none. */
function importEndingOf(sources: readonly SourceFile[]): Project["importEnding"] {
  const counts = { ".ts": 0, ".js": 0, "": 0 };
  for (const { text } of sources) {
    for (const [, path = ""] of text.matchAll(/from\s+["'](\.{1,2}\/[^"']+)["']/g)) {
      counts[path.endsWith(".ts") ? ".ts" : path.endsWith(".js") ? ".js" : ""]++;
    }
  }
  const most = Math.max(...Object.values(counts));
  return ([".ts", ".js", ""] as const).find((ending) => counts[ending] === most) ?? ".ts";
}

/** Beside the contract that was found first; one that lies at the top shares that place with much else. */
function contractsFolder(contracts: readonly FoundContract[]): string {
  const first = contracts.map(({ path }) => dirname(path)).find((folder) => folder !== ".");
  return first ?? "contracts";
}

/** Beside the first handler that a stack names as the entry of a consumer. */
function handlersFolder(sources: readonly SourceFile[]): string {
  for (const { text } of sources) {
    const entry = /\bentry:\s*["'`](?:\.\/)?([\w@./-]+)\/[^/"'`]+\.[mc]?[jt]s["'`]/.exec(text)?.[1];
    if (entry !== undefined) return entry;
  }
  return "lambdas";
}

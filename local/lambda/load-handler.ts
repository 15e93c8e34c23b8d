import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { readModulesAsInLambda } from "./module-format.ts";

/** A Node handler: the event, and the context. Callbacks ended with Node 24. */
export type NodeHandler = (event: unknown, context: unknown) => unknown;

/** Why the code could not be loaded; `name` is Lambda's own error type. */
export class LoadError extends Error {
  constructor(name: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = name;
  }
}

/**
 * Loads `file.export` from the code's folder: CommonJS or ES module, the file as `.js`, `.mjs` or `.cjs`.
 * Throws `LoadError` with the error types of Lambda's own Node runtime, or what the module itself threw.
 */
export async function loadHandler(codeDir: string, handler: string): Promise<NodeHandler> {
  const [file, path] = split(handler);
  const found = [".js", ".mjs", ".cjs"].map((extension) => join(codeDir, file + extension)).find(existsSync);
  if (!found) {
    throw new LoadError("Runtime.ImportModuleError", `Error: Cannot find module '${file}' in ${codeDir}`);
  }
  readModulesAsInLambda(codeDir);
  const loaded = await importModule(found);
  const exported = pick(loaded, path) ?? pick(pick(loaded, ["default"]), path);
  if (exported === undefined) {
    throw new LoadError("Runtime.HandlerNotFound", `${handler} is undefined or not exported`);
  }
  if (typeof exported !== "function") {
    throw new LoadError("Runtime.HandlerNotFound", `${handler} is not a function`);
  }
  if (exported.length >= 3) {
    throw new LoadError(
      "Runtime.CallbackHandlerDeprecated",
      `${handler} takes a callback, which Lambda's Node runtimes no longer know since Node.js 24: make it an async function that returns its answer`,
    );
  }
  return exported as NodeHandler;
}

async function importModule(file: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      throw new LoadError("Runtime.UserCodeSyntaxError", `SyntaxError: ${cause.message}`, cause);
    }
    const code = (cause as { code?: unknown } | undefined)?.code;
    if (code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND") {
      throw new LoadError("Runtime.ImportModuleError", `Error: ${(cause as Error).message}`, cause);
    }
    throw cause;
  }
}

/** `dir/index.api.handler` is the file `dir/index` and its export `api.handler`. */
function split(handler: string): [file: string, path: string[]] {
  const match = /^([^.]*)\.(.+)$/.exec(basename(handler));
  if (!match?.[1] || !match[2]) {
    throw new LoadError("Runtime.MalformedHandlerName", `Bad handler ${handler}: it must be file.export`);
  }
  return [join(dirname(handler), match[1]), match[2].split(".")];
}

function pick(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    if (at === null || (typeof at !== "object" && typeof at !== "function")) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

import { existsSync, readFileSync } from "node:fs";
import Module, { registerHooks } from "node:module";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

/**
 * Makes `.js` files of a function load as they would in `/var/task`, where nothing lies above them.
 *
 * On this machine the code's folder may lie inside a project whose `package.json` says `"type": "module"`, and
 * CommonJS bundles would then be read as ES modules. So: a `.js` file with no `package.json` between it and the
 * code's folder is CommonJS if it parses as that, and an ES module otherwise, which is Node's own rule.
 */
export function readModulesAsInLambda(codeDir: string): void {
  const root = codeDir.endsWith(sep) ? codeDir : codeDir + sep;
  const { _extensions: extensions } = Module as unknown as CommonJsLoader;
  const load = extensions[".js"];
  // The hook below decides how a file is read; CommonJS files then come here, where Node would ask the project again.
  extensions[".js"] = (module, file) => {
    if (file.startsWith(root) && !hasPackage(file, root)) {
      const source = readFileSync(file, "utf8");
      if (isCommonJs(source)) return module._compile(source, file, "commonjs");
    }
    load?.(module, file);
  };
  registerHooks({
    load(url, context, nextLoad) {
      if (!url.startsWith("file:") || !url.endsWith(".js")) return nextLoad(url, context);
      const file = fileURLToPath(url);
      if (!file.startsWith(root) || hasPackage(file, root)) return nextLoad(url, context);
      const source = readFileSync(file, "utf8");
      return { format: isCommonJs(source) ? "commonjs" : "module", source, shortCircuit: true };
    },
  });
}

/** The part of Node's CommonJS loader that tools have always extended; not in its types. */
interface CommonJsLoader {
  readonly _extensions: Record<
    string,
    (module: { _compile(source: string, file: string, format: string): void }, file: string) => void
  >;
}

function hasPackage(file: string, root: string): boolean {
  for (let folder = dirname(file); `${folder}${sep}`.startsWith(root); folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return true;
  }
  return false;
}

function isCommonJs(source: string): boolean {
  try {
    new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`);
    return true;
  } catch {
    return false;
  }
}

import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { SettingsError } from "../../src/errors.ts";

/** What never comes along: other languages, what tools leave behind, and names that begin with a dot. */
const leftOut = /^(\.|__pycache__$|node_modules$|cdk\.out$)|\.(pyc|[cm]?[jt]sx?|map)$/;
const ourModule = "omnibus";

/** A Python function's code: the entry's folder and the module `omnibus`. */
export interface PythonCode {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The module's name, for Lambda's handler. */
  readonly module: string;
}

/**
 * Gathers what a handler in Python needs: all files of the entry's folder, and `omnibus`. Nothing is installed: a
 * package that boto3's runtime lacks lies in the folder, too (`pip install --target`).
 *
 * The same files make the same bundle on every machine. Throws `SettingsError` (`entry`) with the reason.
 */
export function pythonCode(file: string): PythonCode {
  const module = basename(file, ".py");
  const folder = dirname(file);
  if (!/^[A-Za-z_][\w-]*\.py$/.test(basename(file))) {
    refuse(
      `${basename(file)} is no name of a Python module: letters, digits, "_" and "-", and .py at the end`,
    );
  }
  for (const sign of ["package.json", "cdk.json"]) {
    if (existsSync(join(folder, sign))) {
      refuse(
        `${folder} is a whole project (it has a ${sign}): put ${basename(file)} into a folder of its own`,
      );
    }
  }
  const files = readFolder(folder);
  if ([...files.keys()].some((path) => path === `${ourModule}.py` || path.startsWith(`${ourModule}/`))) {
    refuse(`${folder} has a module named ${ourModule}, which is ours: give it another name`);
  }
  for (const [path, content] of readFolder(join(packageFolder(), "python", ourModule))) {
    files.set(`${ourModule}/${path}`, content);
  }
  return { files, module };
}

/** A folder's files by their paths, sorted. Links are followed, but not into what they lie in. */
function readFolder(
  folder: string,
  files = new Map<string, Uint8Array>(),
  prefix = "",
  above: readonly string[] = [],
): Map<string, Uint8Array> {
  const inside = [...above, realpathSync(folder)];
  for (const name of readdirSync(folder).toSorted()) {
    if (leftOut.test(name)) continue;
    const path = join(folder, name);
    // By stat, so that a link to shared code brings that code.
    if (statSync(path).isDirectory()) {
      if (inside.includes(realpathSync(path))) refuse(`${path} is a link into itself: remove it`);
      readFolder(path, files, `${prefix}${name}/`, inside);
    } else files.set(prefix + name, readFileSync(path));
  }
  return files;
}

/** Where this package lies, from sources and when built. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "python", ourModule, "__init__.py"))) {
    if (folder === dirname(folder))
      refuse("this installation lacks its folder python/: install the package again");
    folder = dirname(folder);
  }
  return resolve(folder);
}

function refuse(why: string): never {
  throw new SettingsError("entry", why);
}

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** `from "./a.ts"`, and `import("./a.ts")` inside a type. */
const relativeImport = /((?:from |import\(|import )")(\.{1,2}\/[^"]+)\.ts(")/g;

/**
 * Leaves those declarations that the package's entries reach, and has them name compiled files: the compiler rewrites
 * imports in JavaScript and not in declarations.
 */
export function settleDeclarations(
  folder: string,
  files: readonly string[],
  entries: readonly string[],
): void {
  const reached = new Set(entries);
  for (const file of reached) {
    const text = readFileSync(join(folder, file), "utf8");
    for (const [, , target] of text.matchAll(relativeImport)) {
      reached.add(join(dirname(file), `${target}.d.ts`));
    }
    writeFileSync(join(folder, file), text.replaceAll(relativeImport, "$1$2.js$3"));
  }
  for (const file of files) {
    if (file.endsWith(".d.ts") && !reached.has(file)) rmSync(join(folder, file));
  }
}

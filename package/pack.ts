import { createHash } from "node:crypto";
import { globSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, makeOnce, runTool } from "../local/tools/index.ts";
import { buildPackage } from "./build.ts";
import { compiled, copied, recipe } from "./contents.ts";
import { project, sourceFiles } from "./source-files.ts";

const cache = cacheFolder("package");
/** How many packages of older sources stay: another process may be installing one. */
const kept = 4;

/**
 * Packs the library as npm would publish it, and answers the tarball's path. Built once for the same sources, also when
 * several processes ask at once.
 */
export async function packLibrary(): Promise<string> {
  const hash = contentHash();
  const folder = await makeOnce({
    folder: join(cache, hash),
    recipe: hash,
    make: async (folder) => {
      await buildPackage(join(folder, "package"));
      const words = ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder];
      await runTool("npm", words, { directory: join(folder, "package") });
      forgetOld();
    },
  });
  const { name, version } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  return join(folder, `${name}-${version}.tgz`);
}

/** Changes when anything changes that a package is made of. */
function contentHash(): string {
  const hash = createHash("sha256");
  for (const file of sourceFiles([...compiled, ...copied, ...recipe])) {
    hash
      .update(`${file}\n`)
      .update(readFileSync(join(project, file)))
      .update("\n");
  }
  return hash.digest("hex").slice(0, 16);
}

function forgetOld(): void {
  const locks = globSync("*.lock", { cwd: cache }).map((name) => join(cache, name));
  const byAge = locks.sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  for (const lock of byAge.slice(kept)) {
    rmSync(lock.replace(/\.lock$/, ""), { recursive: true, force: true });
    rmSync(lock, { force: true });
  }
}

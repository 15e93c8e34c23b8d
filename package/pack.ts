import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { buildPackage } from "./build.ts";
import { compiled, copied, recipe } from "./contents.ts";
import { run } from "./run.ts";
import { project, sourceFiles } from "./source-files.ts";

const cache = join(project, ".cache/package");
/** How many packages of older sources stay: another process may be installing one. */
const kept = 4;

/**
 * Packs the library as npm would publish it, and answers the tarball's path.
 *
 * Built once for the same sources, also by processes that ask at the same time: each builds in a folder of its own, and
 * the first to end gives it its name. Throws when the types do not agree.
 */
export async function packLibrary(): Promise<string> {
  const folder = join(cache, contentHash());
  const { name, version } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  const tarball = join(folder, `${name}-${version}.tgz`);
  if (existsSync(tarball)) return tarball;
  const partial = `${folder}.${process.pid}`;
  try {
    await buildPackage(join(partial, "package"));
    await run(
      "npm",
      ["pack", "--silent", "--ignore-scripts", "--pack-destination", partial],
      join(partial, "package"),
    );
    renameSync(partial, folder);
  } catch (error) {
    if (!existsSync(tarball)) throw error;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  forgetOld();
  return tarball;
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
  mkdirSync(cache, { recursive: true });
  const finished = readdirSync(cache).filter((name) => !name.includes("."));
  const byAge = finished
    .map((name) => join(cache, name))
    .filter((path) => existsSync(path))
    .sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  for (const old of byAge.slice(kept)) rmSync(old, { recursive: true, force: true });
}

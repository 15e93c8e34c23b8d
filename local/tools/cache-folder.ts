import { join } from "node:path";

const project = join(import.meta.dirname, "../..");

/** A folder of the project's `.cache/`, which git ignores: what was fetched or built and can be made again. */
export function cacheFolder(name: string): string {
  return join(project, ".cache", name);
}

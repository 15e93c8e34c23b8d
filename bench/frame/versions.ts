import { readFileSync } from "node:fs";
import { join } from "node:path";

const project = join(import.meta.dirname, "../..");

/** The versions that a figure belongs to, as they are installed: Node's, and those of `packages`. */
export function versionsOf(packages: readonly string[]): Record<string, string> {
  const installed = packages.map((name) => {
    const file = join(project, "node_modules", name, "package.json");
    return [name, (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version] as const;
  });
  return { node: process.versions.node, ...Object.fromEntries(installed) };
}

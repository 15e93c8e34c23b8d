import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runTool } from "../../local/tools/index.ts";
import { packLibrary, project } from "../../package/index.ts";

/**
 * Makes the folder a user's project: the packed library, and `packages` in the releases that this project has, so that
 * npm's cache holds them. Packages are fetched from the registry as a user's are.
 */
export async function installApp(folder: string, packages: readonly string[]): Promise<void> {
  writeFileSync(join(folder, "package.json"), '{ "name": "an-app", "private": true, "type": "module" }\n');
  const specs = packages.map((name) => `${name}@${installedVersion(name)}`);
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"];
  await runTool("npm", ["install", ...quiet, "--loglevel=error", await packLibrary(), ...specs], {
    directory: folder,
  });
}

function installedVersion(name: string): string {
  const manifest = readFileSync(join(project, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

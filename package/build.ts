import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runTool } from "../local/tools/index.ts";
import { compiled, copied } from "./contents.ts";
import { settleDeclarations } from "./declarations.ts";
import { type Manifest, packageManifest } from "./manifest.ts";
import { project, sourceFiles } from "./source-files.ts";

/**
 * Makes the package in an empty folder: laid out as the project is, with JavaScript and declarations in the place of
 * TypeScript, so that what finds its neighbours by their place finds them in both.
 */
export async function buildPackage(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const compiler = join(project, "node_modules/typescript/bin/tsc");
  const words = ["-p", "tsconfig.build.json", "--pretty", "false", "--outDir", folder];
  await runTool(process.execPath, [compiler, ...words], { directory: project });
  for (const made of readdirSync(folder)) {
    if (!compiled.includes(made)) rmSync(join(folder, made), { recursive: true });
  }
  // They import nothing then: not even the SDK is asked of whoever adds a bus to an app.
  const bundles = [join(project, "lib/write-jobs.ts"), join(folder, "lambdas")];
  await runTool(process.execPath, bundles, { directory: project });
  const manifest = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as Manifest;
  const entries = Object.values(manifest.exports)
    .filter((source) => source.endsWith(".ts"))
    .map((source) => join(source).replace(/\.ts$/, ".d.ts"));
  settleDeclarations(folder, readdirSync(folder, { recursive: true, encoding: "utf8" }), entries);
  for (const file of sourceFiles(copied)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(project, file), join(folder, file));
  }
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(packageManifest(manifest), undefined, 2)}\n`);
  for (const program of Object.values(manifest.bin)) {
    chmodSync(join(folder, program.replace(/\.ts$/, ".js")), 0o755);
  }
}

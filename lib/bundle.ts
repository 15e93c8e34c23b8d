import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Code } from "aws-cdk-lib/aws-lambda";
import { Stage } from "aws-cdk-lib/core";
import type { IConstruct } from "constructs";
import { type BuildOptions, buildSync } from "esbuild";
import { SettingsError } from "../src/errors.ts";

/** What of esbuild's own options a user may set. */
export type Bundling = Readonly<
  Pick<
    BuildOptions,
    | "alias"
    | "banner"
    | "conditions"
    | "define"
    | "external"
    | "inject"
    | "keepNames"
    | "loader"
    | "mainFields"
    | "minify"
    | "sourcemap"
    | "tsconfig"
  >
>;

/** A dependency written as CommonJS calls `require`, which ES modules do not have. */
const requireForCommonJs =
  'import{createRequire as omnibusRequire}from"node:module";const require=omnibusRequire(import.meta.url);';

/**
 * Bundles a handler and all it uses, the AWS SDK included, into one ES module: `index.mjs`.
 *
 * The same sources make the same bytes on every machine, so a function is deployed again only when its code changed.
 * esbuild is called directly: one call per function in this process, not a process and a lockfile search for each.
 *
 * Throws `SettingsError` (`entry`) when there is no such file, and esbuild's own error when it cannot be bundled.
 */
export function bundle(scope: IConstruct, entry: string | URL, bundling: Bundling = {}): Code {
  const file = resolve(entry instanceof URL ? fileURLToPath(entry) : entry);
  if (!existsSync(file)) {
    throw new SettingsError(
      "entry",
      `${scope.node.path}: the entry ${file} is no file; give a path from ${process.cwd()}, or new URL("./handler.ts", import.meta.url)`,
    );
  }
  const outDir = Stage.of(scope)?.assetOutdir ?? resolve("cdk.out");
  return Code.fromAsset(write(join(outDir, "bundles"), build(file, bundling)));
}

/** The files of a bundle, by name. Nothing in them depends on where the project lies. */
export function build(file: string, bundling: Bundling = {}): ReadonlyMap<string, string> {
  const outdir = dirname(file);
  const { banner, ...others } = bundling;
  const { outputFiles } = buildSync({
    platform: "node",
    target: "node24",
    // Modules first: what they do not use can be left out, and a smaller bundle starts sooner.
    mainFields: ["module", "main"],
    minify: true,
    // Error names are what logs and dead letters tell.
    keepNames: true,
    // A debugger and a stack trace find the sources; Lambda does not read it unless told to.
    sourcemap: "linked",
    ...others,
    entryPoints: [{ in: file, out: "index" }],
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What is imported when it is needed stays in a file of its own: a function that never fails never loads the SDK.
    splitting: true,
    chunkNames: "part-[hash]",
    format: "esm",
    write: false,
    banner: { js: [requireForCommonJs, banner?.js].filter(Boolean).join("\n") },
    legalComments: "none",
    charset: "utf8",
    logLevel: "error",
  });
  return new Map(
    outputFiles.map(({ path, text }) => [
      basename(path),
      path.endsWith(".map") ? portableMap(text, outdir, projectOf(file)) : text,
    ]),
  );
}

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
}

/** The folder of the package that a file belongs to. */
function projectOf(file: string): string {
  let folder = dirname(file);
  while (!existsSync(join(folder, "package.json")) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

/** Names sources from the project's folder, and leaves the text of packages out: it is most of the map, and at hand. */
function portableMap(text: string, outdir: string, project: string): string {
  const map = JSON.parse(text) as SourceMap;
  const sources = map.sources.map((source) => portablePath(resolve(outdir, source), project));
  return JSON.stringify({
    ...map,
    sources,
    sourcesContent: sources.map((source, index) =>
      source.startsWith("node_modules/") ? null : (map.sourcesContent?.[index] ?? null),
    ),
  });
}

function portablePath(path: string, project: string): string {
  const inPackages = path.lastIndexOf("/node_modules/");
  return inPackages < 0 ? relative(project, path) : path.slice(inPackages + 1);
}

/** Writes the files where their content says, so that the same bundle is written once. */
function write(root: string, files: ReadonlyMap<string, string>): string {
  const hash = createHash("sha256");
  for (const [name, text] of files) hash.update(`${name}\n${text}\n`);
  const folder = join(root, hash.digest("hex").slice(0, 32));
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(partial, name), text);
  renameSync(partial, folder);
  return folder;
}

import { existsSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildFailure, type BuildOptions, type BuildResult, buildSync } from "esbuild";
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
 * Bundles a handler and all it uses, the AWS SDK included, into one ES module: the files of `index.mjs`, by name.
 *
 * The same sources make the same bytes on every machine and wherever the project lies, so a function is deployed again
 * only when its code changed. esbuild is called directly: one call per function in this process, not a process and a
 * lockfile search for each. Throws `SettingsError` (`bundle-missing`) with what to install where packages are missing,
 * and esbuild's own error when it cannot be bundled for another reason.
 *
 * @param spared Packages that only Omnibus itself would import, in a case that never comes about in this function: where they
 * are not installed, the bundle does without. One that the handler imports as well is not spared.
 */
export function build(
  file: string,
  bundling: Bundling = {},
  spared: readonly string[] = [],
): ReadonlyMap<string, string> {
  return buildTogether({ index: file }, bundling, spared);
}

/** Bundles several handlers of one folder, which share what they have in common: `{name}.mjs` for each. As `build` does. */
export function buildTogether(
  entries: Readonly<Record<string, string>>,
  bundling: Bundling = {},
  spared: readonly string[] = [],
): ReadonlyMap<string, string> {
  return bundle(entries, bundling, spared).files;
}

/** Bundles as `buildTogether` does, and names the sources that went in. */
export function bundle(
  entries: Readonly<Record<string, string>>,
  bundling: Bundling = {},
  spared: readonly string[] = [],
): { readonly files: ReadonlyMap<string, string>; readonly sources: readonly string[] } {
  const [file = ""] = Object.values(entries);
  const outdir = dirname(file);
  const { banner, ...others } = bundling;
  const options: WholeBuild = {
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
    entryPoints: Object.entries(entries).map(([out, entry]) => ({ in: entry, out })),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What is imported when it is needed stays in a file of its own: a function that never fails never loads the SDK.
    splitting: true,
    chunkNames: "part-[hash]",
    format: "esm",
    write: false,
    metafile: true,
    banner: { js: [requireForCommonJs, banner?.js].filter(Boolean).join("\n") },
    legalComments: "none",
    charset: "utf8",
    logLevel: "error",
  };
  const { outputFiles, metafile } = bundled(Object.values(entries).join(", "), options, spared);
  const files = outputFiles.map(
    ({ path, text }) =>
      [basename(path), path.endsWith(".map") ? portableMap(text, outdir, projectOf(file)) : text] as const,
  );
  return { files: new Map(files), sources: Object.keys(metafile.inputs).map((path) => resolve(path)) };
}

type WholeBuild = BuildOptions & { readonly write: false; readonly metafile: true };

function bundled(file: string, options: WholeBuild, spared: readonly string[]): BuildResult<WholeBuild> {
  const quiet = spared.length > 0;
  try {
    return buildSync(quiet ? { ...options, logLevel: "silent" } : options);
  } catch (cause) {
    // Again, with esbuild's own words if there is more that is wrong.
    if (quiet) return bundled(file, without(options, canSpare(cause, spared) ? spared : []), []);
    const names = missingPackages(cause);
    if (names.length === 0) throw cause;
    throw new SettingsError(
      "bundle-missing",
      `${file} cannot be bundled: it uses ${names.join(", ")}, not installed here. Run: npm install ${names.join(" ")}`,
      { cause },
    );
  }
}

function without(options: WholeBuild, packages: readonly string[]): WholeBuild {
  return { ...options, external: [...(options.external ?? []), ...packages] };
}

/** Whether a spared package is missing, and no file but Omnibus's own adapter of it asked for it. */
function canSpare(thrown: unknown, spared: readonly string[]): boolean {
  const asked = (thrown as Partial<BuildFailure>).errors?.filter(({ text }) =>
    spared.includes(unresolved.exec(text)?.[1] ?? ""),
  );
  return (
    asked !== undefined &&
    asked.length > 0 &&
    asked.every(({ location }) => resolve(location?.file ?? "").startsWith(ownSources))
  );
}

/** Where Omnibus's own code lies that runs in functions. */
const ownSources = fileURLToPath(new URL("../src/", import.meta.url));

/** A package's name at the start of what is imported: `@aws-sdk/client-sns`, `zod` of `zod/mini`. */
const unresolved = /^Could not resolve "((?:@[\w.-]+\/)?[\w-][\w.-]*)/;

function missingPackages(thrown: unknown): readonly string[] {
  const { errors = [] } = thrown as Partial<BuildFailure>;
  const names = errors.map(({ text }) => unresolved.exec(text)?.[1]);
  // One error of another kind is told as it is: it may be the cause of the others.
  return names.includes(undefined) ? [] : [...new Set(names.filter((name) => name !== undefined))].sort();
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

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import type { IConstruct } from "constructs";
import { version } from "esbuild";
import { keptBundlesContext } from "../src/names.ts";
import { type Bundling, bundle } from "./bundle.ts";

/** A bundle as it is kept: how each file stood that decides what comes out, and what came out. */
interface KeptBundle {
  readonly stood: readonly (readonly [path: string, state: string])[];
  readonly files: readonly (readonly [name: string, text: string])[];
}

/** Another release of Omnibus bundles in another way. */
const howBundled = join(import.meta.dirname, `bundle${extname(import.meta.filename)}`);

/**
 * Bundles as `buildTogether` does, unless the app was told of a folder of kept bundles (`keptBundlesContext`) and the one
 * there is of the same sources: a synth for the local cloud, of which bundling is more than half, bundles what has
 * changed.
 *
 * A source has changed when its size or the time of its last change is another. What decides which files are sources
 * counts as well: each `package.json`, `tsconfig.json` and npm's note of what is installed, from the entries up.
 */
export function keptOrBuilt(
  scope: IConstruct,
  entries: Readonly<Record<string, string>>,
  bundling: Bundling = {},
  spared: readonly string[] = [],
): ReadonlyMap<string, string> {
  const folder: unknown = scope.node.tryGetContext(keptBundlesContext);
  if (typeof folder !== "string") return bundle(entries, bundling, spared).files;
  const how = [version, stateOf(howBundled), process.cwd(), bundling, spared];
  const recipe = JSON.stringify([how, entries]);
  const place = join(folder, `${createHash("sha256").update(recipe).digest("hex").slice(0, 32)}.json`);
  const kept = read(place);
  if (kept?.stood.every(([path, state]) => stateOf(path) === state)) return new Map(kept.files);
  const mark = setMark(place);
  try {
    const { files, sources } = bundle(entries, bundling, spared);
    if (mark) keep(mark, place, [...sources, ...around(Object.values(entries))], files);
    return files;
  } finally {
    if (mark) rmSync(mark, { force: true });
  }
}

/** A file as old as the bundling, which becomes the kept bundle; `undefined` where nothing can be written. */
function setMark(place: string): string | undefined {
  const mark = `${place}.${process.pid}`;
  try {
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(mark, "");
    return mark;
  } catch {
    return undefined;
  }
}

function keep(
  mark: string,
  place: string,
  paths: readonly string[],
  files: ReadonlyMap<string, string>,
): void {
  const begun = changedAt(mark) ?? 0n;
  // One that was changed meanwhile may have been read before or after.
  if (paths.some((path) => (changedAt(path) ?? 0n) >= begun)) return;
  const kept: KeptBundle = {
    stood: [...new Set(paths)].map((path) => [path, stateOf(path)]),
    files: [...files],
  };
  writeFileSync(mark, JSON.stringify(kept));
  renameSync(mark, place);
}

function read(place: string): KeptBundle | undefined {
  try {
    return JSON.parse(readFileSync(place, "utf8")) as KeptBundle;
  } catch {
    return undefined;
  }
}

function changedAt(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ctimeNs;
}

function stateOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? "absent" : `${stat.size} ${stat.ctimeNs}`;
}

/** What says how a source is read and where packages are found. */
function around(files: readonly string[]): readonly string[] {
  const folders = new Set<string>();
  for (const file of files) {
    for (let folder = dirname(file); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
  }
  const names = ["package.json", "tsconfig.json", "node_modules/.package-lock.json"];
  return [...folders].flatMap((folder) => names.map((name) => join(folder, name)));
}

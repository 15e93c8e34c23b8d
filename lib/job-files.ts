import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { IConstruct } from "constructs";
import type { JobName } from "../src/names.ts";
import { type Bundling, buildTogether } from "./bundle.ts";
import { keptOrBuilt } from "./kept-bundles.ts";
import type { BundleFiles } from "./write-bundle.ts";

/** The functions that come with a bus; each is `lambdas/{name}.ts`. */
const jobs: readonly JobName[] = [
  "archiver",
  "delayer",
  "governor",
  "journaler",
  "reconciler",
  "relay",
  "replayer",
  "sealer",
];

const folder = fileURLToPath(new URL("../lambdas/", import.meta.url));
const entries = Object.fromEntries(jobs.map((job) => [job, join(folder, `${job}.ts`)]));
const bundling: Bundling = { sourcemap: false };

/**
 * The files of their code. The package has them bundled, with all that they use: who adds a bus to an app needs no SDK for
 * them. In the project they are bundled from their sources.
 */
export function jobFiles(scope: IConstruct): BundleFiles {
  const [job = "governor"] = jobs;
  if (existsSync(join(folder, `${job}.ts`))) return keptOrBuilt(scope, entries, bundling);
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

/** Bundles them from the project's sources. */
export function bundleJobs(): BundleFiles {
  return buildTogether(entries, bundling);
}

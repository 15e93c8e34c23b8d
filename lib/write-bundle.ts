import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Code } from "aws-cdk-lib/aws-lambda";
import { Stage } from "aws-cdk-lib/core";
import type { IConstruct } from "constructs";

/** The files of a function's code, by their paths with `/`. */
export type BundleFiles = ReadonlyMap<string, string | Uint8Array>;

/** Writes a function's files beside the assembly, where their content says: the same bundle is written once. */
export function writeBundle(scope: IConstruct, files: BundleFiles): Code {
  const outDir = Stage.of(scope)?.assetOutdir ?? resolve("cdk.out");
  return Code.fromAsset(write(join(outDir, "bundles"), files));
}

function write(root: string, files: BundleFiles): string {
  const hash = createHash("sha256");
  for (const [name, content] of files) hash.update(`${name}\n`).update(content).update("\n");
  const folder = join(root, hash.digest("hex").slice(0, 32));
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  for (const [name, content] of files) {
    const file = join(partial, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  renameSync(partial, folder);
  return folder;
}

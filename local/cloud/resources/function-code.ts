import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LocalCloudError } from "../local-cloud-error.ts";
import { unzip } from "../unzip.ts";
import type { Platform } from "./resource-type.ts";

interface CodeProperty {
  readonly S3Key?: unknown;
  readonly ZipFile?: unknown;
  readonly ImageUri?: unknown;
}

/** The folder with a function's code; `undefined` when the template gives none that this machine has. */
export function codeDirectoryOf(
  code: CodeProperty,
  { functionName, runtime, platform }: { functionName: string; runtime: string; platform: Platform },
): string | undefined {
  if (typeof code.ZipFile === "string") return writeInline(code.ZipFile, functionName, runtime, platform);
  if (code.S3Key === undefined) return undefined;
  const asset = platform.assets.get(String(code.S3Key));
  if (asset === undefined) return undefined;
  const target = join(platform.codeDirectory, String(code.S3Key));
  if (asset.packaging === "zip") {
    if (!runtime.startsWith("python")) return asset.path;
    // A copy: Python writes what it compiled beside the code, which is an asset on its way to be deployed.
    if (!existsSync(target)) cpSync(asset.path, target, { recursive: true });
    return target;
  }
  if (!asset.path.endsWith(".zip")) {
    throw new LocalCloudError(
      "function-code",
      `the code of function ${functionName} is ${asset.path}; a folder or a zip file is needed`,
    );
  }
  unzip(asset.path, target);
  return target;
}

/** CloudFormation puts inline code into a file called `index`. (aws-properties-lambda-function-code) */
function writeInline(text: string, functionName: string, runtime: string, platform: Platform): string {
  const directory = join(platform.codeDirectory, functionName);
  mkdirSync(directory, { recursive: true });
  const modular = /^\s*(import\s|export\s)/m.test(text);
  const extension = runtime.startsWith("python") ? "py" : modular ? "mjs" : "cjs";
  writeFileSync(join(directory, `index.${extension}`), text);
  return directory;
}

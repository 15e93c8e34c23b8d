import { existsSync } from "node:fs";
import { type Code, Runtime } from "aws-cdk-lib/aws-lambda";
import type { IConstruct } from "constructs";
import { SettingsError } from "../src/errors.ts";
import type { Bundling } from "./bundle.ts";
import type { ConsumerProps } from "./consumer-props.ts";
import { entryFile } from "./entry-file.ts";
import type { ConsumerFacts } from "./guards/index.ts";
import { keptOrBuilt } from "./kept-bundles.ts";
import { contractsFile, contractsFileName, pythonCode } from "./python/index.ts";
import { writeBundle } from "./write-bundle.ts";

/** Fetches claims: a consumer of a bus without them never calls it. */
const s3Client = "@aws-sdk/client-s3";

/** What Lambda is told about a handler's code. */
export interface HandlerCode {
  readonly code: Code;
  /** `module.export`. */
  readonly handler: string;
  readonly runtime: Runtime;
}

/**
 * A handler's code for its language's runtime: for TypeScript one bundled module, for Python the entry's folder with
 * the module `omnibus` and the contracts' JSON Schemas.
 *
 * Throws `SettingsError` (`entry`) when there is no such file or it cannot be taken as it lies.
 */
export function handlerCode(
  scope: IConstruct,
  { language, on, emits }: ConsumerFacts,
  { entry, handler = "handler", bundling, bus }: ConsumerProps,
): HandlerCode {
  const file = existingEntry(scope, entry);
  if (language === "python") {
    const { files, module } = pythonCode(file);
    const all = new Map([...files, [contractsFileName, Buffer.from(contractsFile([...on, ...emits]))]]);
    return { code: writeBundle(scope, all), handler: `${module}.${handler}`, runtime: Runtime.PYTHON_3_13 };
  }
  return nodeCode(scope, { entry, handler, bundling, spared: bus.claims ? [] : [s3Client] });
}

/** The code of an entry in TypeScript or JavaScript. Throws as `handlerCode` does. */
export function nodeCode(
  scope: IConstruct,
  {
    entry,
    handler = "handler",
    bundling,
    spared = [],
  }: {
    readonly entry: string | URL;
    readonly handler?: string | undefined;
    readonly bundling?: Bundling | undefined;
    /** As `build` takes them. */
    readonly spared?: readonly string[];
  },
): HandlerCode {
  return {
    code: writeBundle(scope, keptOrBuilt(scope, { index: existingEntry(scope, entry) }, bundling, spared)),
    handler: `index.${handler}`,
    runtime: Runtime.NODEJS_24_X,
  };
}

function existingEntry(scope: IConstruct, entry: string | URL): string {
  const file = entryFile(entry);
  if (existsSync(file)) return file;
  throw new SettingsError(
    "entry",
    `${scope.node.path}: the entry ${file} is no file; give a path from ${process.cwd()}, or new URL("./handler.ts", import.meta.url)`,
  );
}

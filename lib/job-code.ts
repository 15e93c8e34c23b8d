import type { Code } from "aws-cdk-lib/aws-lambda";
import type { IConstruct } from "constructs";
import { jobFiles } from "./job-files.ts";
import { type BundleFiles, writeBundle } from "./write-bundle.ts";

let files: BundleFiles | undefined;

/**
 * The code of all functions that come with a bus, in one asset: they share most of it, so it is bundled and uploaded once.
 * The handler of each is `{job}.handler`.
 */
export function jobCode(scope: IConstruct): Code {
  files ??= jobFiles(scope);
  return writeBundle(scope, files);
}

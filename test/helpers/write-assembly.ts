import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A template written by hand, as far as a test needs one. */
export interface TestStack {
  readonly template: object;
  readonly dependencies?: readonly string[];
  readonly environment?: string;
}

/** Writes stacks as the CDK would, without the CDK: the tests of the loader need no synthesis. */
export function writeAssembly(
  directory: string,
  stacks: Readonly<Record<string, TestStack>>,
  assets: Readonly<Record<string, { path: string; packaging: "zip" | "file" }>> = {},
): string {
  mkdirSync(directory, { recursive: true });
  const artifacts: Record<string, unknown> = {
    assets: { type: "cdk:asset-manifest", properties: { file: "test.assets.json" } },
  };
  for (const [name, { template, dependencies = [], environment }] of Object.entries(stacks)) {
    writeFileSync(join(directory, `${name}.template.json`), JSON.stringify(template));
    artifacts[name] = {
      type: "aws:cloudformation:stack",
      environment: environment ?? "aws://unknown-account/unknown-region",
      dependencies,
      properties: { templateFile: `${name}.template.json` },
    };
  }
  const files = Object.entries(assets).map(([objectKey, source]) => [
    objectKey,
    { source, destinations: { current: { bucketName: "assets", objectKey } } },
  ]);
  writeFileSync(
    join(directory, "test.assets.json"),
    JSON.stringify({ version: "1", files: Object.fromEntries(files) }),
  );
  writeFileSync(join(directory, "manifest.json"), JSON.stringify({ version: "40.0.0", artifacts }));
  return directory;
}

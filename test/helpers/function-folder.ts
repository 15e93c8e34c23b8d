import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "@jest/globals";
import type { FunctionSpec } from "../../local/lambda/index.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Writes a function's code to a folder that is removed when the test file ends; answers its spec. */
export function functionFolder(
  files: Readonly<Record<string, string>>,
  spec: Partial<FunctionSpec> = {},
): FunctionSpec {
  const codeDir = realpathSync(mkdtempSync(join(tmpdir(), "function-")));
  folders.push(codeDir);
  writeFiles(codeDir, files);
  return {
    name: "shop-Points",
    arn: "arn:aws:lambda:eu-west-1:123456789012:function:shop-Points",
    runtime: "nodejs24.x",
    handler: "index.handler",
    codeDir,
    environment: {},
    timeoutMs: 20_000,
    memoryMb: 128,
    ...spec,
  };
}

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { cacheFolder, runTool } from "../../local/tools/index.ts";
import { project } from "../../package/index.ts";

/** Inside the project, where `omnibus-aws` is the project itself. */
let folder = "";
const blocks = new Map<string, string>();

beforeAll(() => {
  const pages = cacheFolder("pages");
  mkdirSync(pages, { recursive: true });
  folder = mkdtempSync(join(pages, "testing-"));
  const text = readFileSync(join(project, "docs/testing.md"), "utf8");
  for (const [, code = ""] of text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)) {
    const name = /^\/\/ (\S+\.ts)\n/.exec(code)?.[1] ?? "";
    blocks.set(name, code);
    writeFileSync(join(folder, name), code);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("docs/testing.md", () => {
  it("has code that compiles", async () => {
    const compiler = join(project, "node_modules/typescript/bin/tsc");
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ extends: "../../../tsconfig.json", include: [], files: [...blocks.keys()] }),
    );

    await runTool(process.execPath, [compiler, "-p", folder, "--pretty", "false"], { directory: project });

    expect([...blocks.keys()]).toEqual(["lock-stock.ts", "lock-stock.test.ts", "ledger.test.ts"]);
  }, 60_000);

  it("has tests that pass", async () => {
    const report = await runTool(process.execPath, ["--test", "--test-reporter=tap", "lock-stock.test.ts"], {
      directory: folder,
    });

    expect(report).toContain("# pass 2\n");
    expect(report).toContain("# fail 0\n");
  });
});

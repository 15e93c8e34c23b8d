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
  folder = mkdtempSync(join(pages, "reconciliation-"));
  const text = readFileSync(join(project, "docs/reconciliation.md"), "utf8");
  for (const [, name = "", code = ""] of text.matchAll(/^```ts\n\/\/ (\S+\.ts)\n([\s\S]*?)^```$/gm)) {
    blocks.set(name, code);
    writeFileSync(join(folder, name), code);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("docs/reconciliation.md", () => {
  it("has code that compiles, and a source of 40 lines at most", async () => {
    const files = [...blocks.keys()];
    const settings = { extends: "../../../tsconfig.json", include: [], files };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));

    const compiler = join(project, "node_modules/typescript/bin/tsc");
    await runTool(process.execPath, [compiler, "-p", folder, "--pretty", "false"], { directory: project });

    expect(files).toEqual(["banks.ts", "provider.ts", "provider.test.ts"]);
    expect(blocks.get("provider.ts")?.trimEnd().split("\n").length).toBeLessThanOrEqual(40);
  }, 60_000);

  it("has a source that passes the suite", async () => {
    const report = await runTool(process.execPath, ["--test", "--test-reporter=tap", "provider.test.ts"], {
      directory: folder,
    });

    expect(report).toContain("# pass 18\n");
    expect(report).toContain("# fail 0\n");
  }, 60_000);
});

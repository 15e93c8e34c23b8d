import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { cacheFolder, runTool } from "../../../local/tools/index.ts";
import { project } from "../../../package/index.ts";

const page = readFileSync(join(project, "docs/reconciler.md"), "utf8");
/** Inside the project, where `omnibus-aws` is the project itself. */
let folder = "";

beforeAll(() => {
  const pages = cacheFolder("pages");
  mkdirSync(pages, { recursive: true });
  folder = mkdtempSync(join(pages, "reconciler-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("docs/reconciler.md", () => {
  it("has code that compiles", async () => {
    const files: string[] = [];
    for (const [, name = "", code = ""] of page.matchAll(/^```ts\n\/\/ (\S+\.ts)\n([\s\S]*?)^```$/gm)) {
      files.push(name);
      writeFileSync(join(folder, name), code);
    }
    const settings = { extends: "../../../tsconfig.json", include: [], files };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));

    const compiler = join(project, "node_modules/typescript/bin/tsc");
    await runTool(process.execPath, [compiler, "-p", folder, "--pretty", "false"], { directory: project });

    expect(files).toEqual(["transfers.ts", "stack.ts"]);
  }, 60_000);

  it("shows a plan as plans are", () => {
    const [, plan = ""] = /^```json\n([\s\S]*?)^```$/m.exec(page) ?? [];
    const schema = JSON.parse(readFileSync(join(project, "schema/repair-plan.schema.json"), "utf8"));
    const valid = new Ajv2020({ validateFormats: false }).compile(schema);

    valid(JSON.parse(plan));

    expect(valid.errors).toBeNull();
  });

  it("sums its costs up right", () => {
    const costs = page.slice(page.indexOf("## What it costs"), page.indexOf("Every minute instead"));
    const cents = [...costs.matchAll(/\| (\*\*)?\$(\d+)\.(\d\d)(\*\*)? \|$/gm)].map(
      ([, , dollars, rest]) => Number(dollars) * 100 + Number(rest),
    );

    const total = cents.pop();

    expect(cents).toHaveLength(6);
    expect(total).toBe(cents.reduce((sum, one) => sum + one, 0));
  });
});

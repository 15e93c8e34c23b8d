import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { runPythonTest } from "../../local/testing/index.ts";
import { runTool } from "../../local/tools/index.ts";
import { project } from "../../package/index.ts";
import { describeWith } from "../helpers/describe-with.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** Runs the tests of a folder of templates as whoever copied it would, but in one process. */
async function report(folder: string, files: readonly string[]): Promise<string> {
  const words = ["--test", "--test-isolation=none", "--test-reporter=tap", ...files];
  return runTool(process.execPath, words, { directory: join(project, "templates", folder) });
}

const folder = temporaryFolder();
const failing = `
import unittest

class Red(unittest.TestCase):
    def test_fails(self):
        self.assertEqual("handled", "dead")
`;

const tests = readdirSync(join(project, "templates/handlers/test"));
const inPython = tests.filter((name) => name.startsWith("python"));
const inTypeScript = tests.filter((name) => name.endsWith(".test.ts") && !inPython.includes(name));

describe("the templates of handlers", () => {
  it("each have a test", () => {
    const handlers = readdirSync(join(project, "templates/handlers/lambdas"));
    const tested = tests.map((name) => name.replace(/^test_(.*)\.py$/, "$1").replace(/\.test\.ts$/, ".ts"));

    expect(handlers.filter((name) => !tested.includes(name))).toEqual([]);
    expect(handlers.length).toBeGreaterThanOrEqual(7);
  });

  it("pass their own tests, in TypeScript", async () => {
    const told = await report(
      "handlers",
      inTypeScript.map((name) => `test/${name}`),
    );

    expect(told).toContain("\n# pass 7\n");
    expect(told).toContain("\n# fail 0\n");
  }, 60_000);

  it("pass their own tests as an app, too", async () => {
    const told = await report("app", ["test/lock-stock.test.ts"]);

    expect(told).toContain("\n# pass 2\n");
  }, 60_000);
});

describe("the template of a pipeline", () => {
  it("passes its own test, forward and back", async () => {
    const told = await report("pipeline", ["test/fulfil-order.test.ts"]);

    expect(told).toContain("\n# pass 3\n");
  }, 60_000);
});

await describeWith([{ command: "python3", for: "handlers in Python" }], "the templates in Python", () => {
  it("pass their own tests", async () => {
    const told = await report(
      "handlers",
      inPython.map((name) => `test/${name}`),
    );

    expect(told).toContain("\n# pass 2\n");
    expect(told).toContain("\n# fail 0\n");
  }, 60_000);

  it("fail with what Python said when they fail", async () => {
    writeFileSync(join(folder, "test_red.py"), failing);

    const running = runPythonTest({ file: join(folder, "test_red.py"), handlers: folder, contracts: [] });

    await expect(running).rejects.toThrow("AssertionError: 'handled' != 'dead'");
  }, 60_000);
});

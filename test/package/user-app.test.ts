import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { build } from "../../lib/bundle.ts";
import { runTool } from "../../local/tools/index.ts";
import { project } from "../../package/index.ts";
import { linkPackages } from "../helpers/linked-app.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const fixture = join(project, "test/fixtures/user-app");
const app = temporaryFolder();
const run = (program: string, ...words: string[]) => runTool(program, words, { directory: app });

beforeAll(async () => {
  cpSync(fixture, app, { recursive: true });
  await linkPackages(app, ["@aws-sdk/client-s3"]);
}, 240_000);

describe("an app with the packed library", () => {
  it("has a consumer of 15 lines at most", () => {
    const lines = ["contracts.ts", "lambdas/lock-stock.ts"].map(
      (file) => readFileSync(join(app, file), "utf8").trimEnd().split("\n").length,
    );

    for (const count of lines) expect(count).toBeLessThanOrEqual(15);
  });

  it("imports every entry from plain JavaScript", async () => {
    const script = `for (const entry of ["", "/cdk", "/testing"]) console.log(Object.keys(await import("omnibus-aws" + entry)).join())`;

    const [core = "", cdk = "", testing = ""] = (
      await run(process.execPath, "--input-type=module", "--eval", script)
    ).split("\n");

    expect(core.split(",")).toEqual(
      expect.arrayContaining(["consume", "createPublisher", "defineEvent", "PermanentError"]),
    );
    expect(cdk.split(",")).toEqual(expect.arrayContaining(["Consumer", "EventBus"]));
    expect(testing.split(",")).toEqual(
      expect.arrayContaining(["createTestBus", "ledgerConformance", "virtualClock"]),
    );
  });

  it("type-checks strictly against the declarations, with them checked too", async () => {
    const compiler = join(project, "node_modules/typescript/bin/tsc");
    const options = ["--strict", "--noEmit", "--skipLibCheck", "false", "--allowImportingTsExtensions"];
    const place = ["--module", "nodenext", "--target", "es2024", "--types", "node", "--pretty", "false"];

    await run(
      process.execPath,
      compiler,
      ...options,
      ...place,
      "bin/app.ts",
      "lambdas/lock-stock.ts",
      "wrong.ts",
    );
  }, 60_000);

  it("tests its handler on omnibus-aws/testing with Node's own runner", async () => {
    const report = await run(process.execPath, "--test", "--test-reporter=tap", "lock-stock.test.mjs");

    expect(report).toContain("# pass 2\n");
    expect(report).toContain("# fail 0\n");
  });

  it("bundles a handler no larger than from the sources", () => {
    const bytes = (file: string) => {
      const code = [...build(file)].filter(([name]) => name.endsWith(".mjs"));
      const sizes = new Map(code.map(([name, text]) => [name, text.length]));
      return {
        atStart: sizes.get("index.mjs") ?? 0,
        all: [...sizes.values()].reduce((sum, size) => sum + size),
      };
    };

    const ours = bytes(join(fixture, "lambdas/lock-stock.ts"));
    const theirs = bytes(join(app, "lambdas/lock-stock.ts"));

    console.log("bytes of a consumer's bundle, from the package and from the sources:", theirs, ours);
    expect(theirs.atStart).toBeLessThanOrEqual(ours.atStart * 1.01);
    expect(theirs.all).toBeLessThanOrEqual(ours.all * 1.01);
    expect(ours.atStart).toBeLessThan(250_000);
  });
});

import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { build } from "../../lib/bundle.ts";
import { deployApp, type Emulator, startEmulator } from "../../local/emulator/index.ts";
import { runTool } from "../../local/tools/index.ts";
import { project } from "../../package/index.ts";
import { describeWith } from "../helpers/describe-with.ts";
import { eventually } from "../helpers/eventually.ts";
import { installApp } from "../helpers/install-app.ts";
import { runBus } from "../helpers/run-bus.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const fixture = join(project, "test/fixtures/user-app");
const app = temporaryFolder();
const run = (program: string, ...words: string[]) => runTool(program, words, { directory: app });

/** All that a user installs beside the library to write, test, run and deploy a consumer. */
const packages = [
  ...["aws-cdk-lib", "constructs", "esbuild", "zod", "@types/node", "fauxqs", "@dynoxide/linux-x64"],
  ...["@aws-sdk/client-dynamodb", "@aws-sdk/client-sns", "@aws-sdk/client-sqs", "@aws-sdk/client-sts"],
];

beforeAll(async () => {
  cpSync(fixture, app, { recursive: true });
  await installApp(app, packages);
}, 240_000);

describe("an app with the package installed", () => {
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

  it("runs locally: an order that is published twice is handled once", async () => {
    const bus = runBus(["local", "--port", "0", "--run", "node publish.mjs", "--once", "--json"], {
      cwd: app,
      program: join(app, "node_modules/omnibus-aws/bin/bus.js"),
    });

    const code = await bus.ended;

    expect(code === 0 ? "" : bus.written.err).toBe("");
    const lines = bus.written.err.split("\n").filter((line) => line.startsWith("shop-LockStock: "));
    const told = lines.map((line) => JSON.parse(line.slice("shop-LockStock: ".length)));
    expect(told.filter(({ message }) => message === "locked")).toHaveLength(1);
    expect(
      told
        .map(({ outcome }) => outcome)
        .filter(Boolean)
        .toSorted(),
    ).toEqual(["duplicate", "handled"]);
  }, 180_000);
});

await describeWith([{ command: "python3", for: "the emulator" }], "the same app on an emulator", () => {
  let emulator: Emulator | undefined;
  beforeAll(async () => {
    emulator = await startEmulator();
  }, 120_000);
  afterAll(() => emulator?.close());

  it("is deployed by cdk deploy, and handles the order once", async () => {
    if (emulator === undefined) throw new Error("the emulator has not started");
    await deployApp({ emulator, directory: app });
    const dynamodb = new DynamoDBClient(emulator.client);
    const ledger = async () =>
      (await dynamodb.send(new ScanCommand({ TableName: "shop-ledger" }))).Items ?? [];

    await runTool("node", ["publish.mjs"], { directory: app, environment: emulator.env });
    const items = await eventually("the order is done", async () => {
      const found = await ledger();
      return found.some(({ state }) => state?.S === "done") && found;
    });

    expect(items).toMatchObject([{ id: { S: "o-1" }, consumer: { S: "LockStock" }, attempts: { N: "1" } }]);
    dynamodb.destroy();
  }, 240_000);
});

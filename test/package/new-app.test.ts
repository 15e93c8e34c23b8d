import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { fromNothingToGreen, type GreenApp } from "../../bench/new-app/from-nothing.ts";
import { deployApp, type Emulator, startEmulator } from "../../local/emulator/index.ts";
import { runTool } from "../../local/tools/index.ts";
import { packLibrary, project } from "../../package/index.ts";
import { describeWith } from "../helpers/describe-with.ts";
import { eventually } from "../helpers/eventually.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const folder = temporaryFolder();
/** An order that is published twice, by the plain SDK: the one that this project has. */
const sentTwice = join(project, "test/fixtures/user-app/publish.mjs");
let app: GreenApp;

beforeAll(async () => {
  app = await fromNothingToGreen({ folder, tarball: await packLibrary() });
}, 300_000);

describe("bus new app, in an empty folder", () => {
  it("is green within five minutes, installs and all", () => {
    const { totalSeconds, ...steps } = app.figures;

    console.log(`from nothing to green: ${totalSeconds.toFixed(1)} s`, steps);
    expect(totalSeconds).toBeLessThan(300);
  });

  it("passes its own tests", () => {
    expect(app.testReport).toMatch(/^ℹ pass 2$/m);
    expect(app.testReport).toMatch(/^ℹ fail 0$/m);
  });

  it("has a consumer of 15 lines at most, its contract and all", () => {
    const files = ["contracts/order-created.ts", "lambdas/lock-stock.ts"];
    const text = files.map((file) => readFileSync(join(app.directory, file), "utf8")).join("");
    const code = text.split("\n").filter((line) => line.trim() !== "" && !/^\s*\/[/*]/.test(line));

    expect(code.length).toBeLessThanOrEqual(15);
  });

  it("handles the order that npm start publishes", () => {
    expect(app.startReport).toContain("all queues are empty: every event is handled (1)\n");
  });
});

await describeWith([{ command: "python3", for: "the emulator" }], "the new app on an emulator", () => {
  let emulator: Emulator | undefined;
  beforeAll(async () => {
    emulator = await startEmulator();
  }, 120_000);
  afterAll(() => emulator?.close());

  it("is synthesized without a word, deployed, and handles orders once, also one that came twice", async () => {
    if (emulator === undefined) throw new Error("the emulator has not started");
    const { directory } = app;
    const said = await runTool("npx", ["cdk", "synth", "--quiet", "--no-color"], {
      directory,
      environment: emulator.env,
    });
    expect(said.trim()).toBe("");

    await deployApp({ emulator, directory, app: "cdk.out" });
    const publish = (script: string) =>
      runTool("npx", ["node", script], { directory, environment: emulator?.env ?? {} });
    await publish("scripts/publish.ts");
    await publish(sentTwice);

    const dynamodb = new DynamoDBClient(emulator.client);
    const items = await eventually("both orders are done", async () => {
      const { Items: found = [] } = await dynamodb.send(new ScanCommand({ TableName: "shop-ledger" }));
      return found.length === 2 && found.every(({ state }) => state?.S === "done") && found;
    });
    dynamodb.destroy();
    for (const item of items) {
      expect(item).toMatchObject({
        consumer: { S: "LockStock" },
        type: { S: "order.created" },
        attempts: { N: "1" },
      });
    }
    expect(items.map(({ id }) => id?.S)).toContain("o-1");
  }, 180_000);
});

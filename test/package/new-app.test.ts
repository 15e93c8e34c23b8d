import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { fromNothingToGreen, type GreenApp } from "../../bench/new-app/from-nothing.ts";
import { deployApp, type Emulator, startEmulator } from "../../local/emulator/index.ts";
import { runTool } from "../../local/tools/index.ts";
import { packLibrary } from "../../package/index.ts";
import { describeWith } from "../helpers/describe-with.ts";
import { eventually } from "../helpers/eventually.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const folder = temporaryFolder();
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

  it("is synthesized without a word, deployed, and handles an order", async () => {
    if (emulator === undefined) throw new Error("the emulator has not started");
    const { directory } = app;
    const said = await runTool("npx", ["cdk", "synth", "--quiet", "--no-color"], {
      directory,
      environment: emulator.env,
    });
    expect(said.trim()).toBe("");

    await deployApp({ emulator, directory, app: "cdk.out" });
    await runTool("npx", ["node", "scripts/publish.ts"], { directory, environment: emulator.env });

    const dynamodb = new DynamoDBClient(emulator.client);
    const [item] = await eventually("the order is done", async () => {
      const { Items: items = [] } = await dynamodb.send(new ScanCommand({ TableName: "shop-ledger" }));
      return items.some(({ state }) => state?.S === "done") && items;
    });
    dynamodb.destroy();
    expect(item).toMatchObject({ consumer: { S: "LockStock" }, type: { S: "order.created" } });
  }, 180_000);
});

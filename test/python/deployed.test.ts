import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type LocalCloud, startLocalCloud, synthesize } from "../../local/cloud/index.ts";
import { pythonTools } from "../helpers/python-tools.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { type DeployedPython, deployedPython } from "./deployed-python.ts";

const directory = fileURLToPath(new URL("../fixtures/python-app/", import.meta.url));
const outDir = join(temporaryFolder(), "cdk.out");

let cloud: LocalCloud;
let deployed: DeployedPython;
beforeAll(async () => {
  const [{ python }, { assembly }] = await Promise.all([pythonTools(), synthesize({ directory, outDir })]);
  cloud = await startLocalCloud({ assembly, port: 0, python });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  deployed = await deployedPython({ endpoint: cloud.endpoint, region: cloud.region, credentials });
}, 240_000);
afterAll(async () => {
  deployed?.destroy();
  await cloud?.stop();
});

describe("a Python consumer in the local cloud", () => {
  it("handles a published event, once though it is sent twice, and emits", async () => {
    const order = deployed.order({ cents: 1250 });

    await deployed.publish(order, order);

    expect(await deployed.handled(order.id)).toEqual({ score: 12, runs: 1 });
    expect(await deployed.emitted(order.id)).toMatchObject({ type: "score.changed", data: { score: 12 } });
    await deployed.drained();
    expect(await deployed.handled(order.id)).toEqual({ score: 12, runs: 1 });
  });

  it("makes dead letters of what the handler refuses and of what the contract refuses", async () => {
    const unlucky = deployed.order({ cents: 13 });
    const bad = deployed.order({ cents: -1 });
    const good = deployed.order({ cents: 700 });

    await deployed.publish(unlucky, bad, good);

    expect(await deployed.handled(good.id)).toEqual({ score: 7, runs: 1 });
    const letters = await deployed.deadLetters(2);
    expect(letters).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          body: JSON.stringify(unlucky),
          reason: "permanent",
          message: "an unlucky order",
        }),
        expect.objectContaining({
          body: JSON.stringify(bad),
          reason: "invalid-data",
          message: expect.stringMatching(/^data\.cents: /),
        }),
      ]),
    );
  });
});

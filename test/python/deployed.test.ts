import { cpSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type LocalCloud, startLocalCloud, synthesize } from "../../local/cloud/index.ts";
import { pythonTools } from "../helpers/python-tools.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { type DeployedPython, deployedPython } from "./deployed-python.ts";
import { deployedScenarios } from "./deployed-scenarios.ts";

const directory = fileURLToPath(new URL("../fixtures/python-app/", import.meta.url));
const folder = temporaryFolder();
const handlers = join(folder, "handlers");
cpSync(join(directory, "handlers"), handlers, { recursive: true });
const synth = (outDir: string) =>
  synthesize({
    directory,
    app: `node --import ../../../bin/compile-cache.ts app.ts ${join(handlers, "recommend.py")}`,
    outDir: join(folder, outDir),
  });

let cloud: LocalCloud;
let deployed: DeployedPython;
beforeAll(async () => {
  const [{ python }, { assembly }] = await Promise.all([pythonTools(), synth("first")]);
  cloud = await startLocalCloud({ assembly, port: 0, python });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  deployed = await deployedPython({ endpoint: cloud.endpoint, region: cloud.region, credentials });
}, 240_000);
afterAll(async () => {
  deployed?.destroy();
  await cloud?.stop();
});

describe("a Python consumer in the local cloud", () => {
  deployedScenarios(() => deployed);

  it("is reloaded with the files beside its entry when one of them is saved", async () => {
    writeFileSync(join(handlers, "scores.py"), "def score(cents):\n    return -1\n");
    const { assembly } = await synth("second");
    const order = deployed.order({ cents: 900 });

    const { changed, notApplied } = await cloud.reload(assembly);
    await deployed.publish(order);

    expect({ changed, notApplied }).toEqual({
      changed: [expect.stringContaining("Recommend")],
      notApplied: [],
    });
    expect(await deployed.handled(order.id)).toEqual({ score: -1, runs: 1 });
  });

  it("leaves nothing in the code that is on its way to be deployed", async () => {
    const code = readdirSync(join(folder, "second"), { recursive: true, encoding: "utf8" });

    expect(code.filter((path) => path.endsWith("omnibus/consume/run_batch.py"))).not.toEqual([]);
    expect(code.filter((path) => path.includes("__pycache__"))).toEqual([]);
  });

  it("is refused with the line to type where Python cannot run it", async () => {
    const python = join(folder, "python-without");
    writeFileSync(python, "#!/bin/sh\necho awslambdaric\n", { mode: 0o755 });

    const starting = startLocalCloud({ assembly: join(folder, "first"), port: 0, python });

    await expect(starting).rejects.toThrow(
      `${python} lacks awslambdaric, which functions in Python need here: ${python} -m pip install awslambdaric`,
    );
  });
});

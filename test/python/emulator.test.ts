import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "@jest/globals";
import { deployApp, type Emulator, startEmulator } from "../../local/emulator/index.ts";
import { describeWith } from "../helpers/describe-with.ts";
import { type DeployedPython, deployedPython } from "./deployed-python.ts";
import { deployedScenarios } from "./deployed-scenarios.ts";

const directory = fileURLToPath(new URL("../fixtures/python-app/", import.meta.url));

await describeWith([{ command: "python3", for: "the emulator" }], "a Python consumer in the emulator", () => {
  let emulator: Emulator;
  let deployed: DeployedPython;
  beforeAll(async () => {
    emulator = await startEmulator();
    await deployApp({ emulator, directory });
    deployed = await deployedPython(emulator.client, emulator.account);
  }, 300_000);
  afterAll(async () => {
    deployed?.destroy();
    await emulator?.close();
  });

  deployedScenarios(() => deployed);
});

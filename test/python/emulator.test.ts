import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "@jest/globals";
import { synthesize } from "../../local/cloud/index.ts";
import { bootstrapEmulator, deployApp, type Emulator, startEmulator } from "../../local/emulator/index.ts";
import { describeWith } from "../helpers/describe-with.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { type DeployedPython, deployedPython } from "./deployed-python.ts";
import { deployedScenarios } from "./deployed-scenarios.ts";

const folder = temporaryFolder();
const directory = fileURLToPath(new URL("../fixtures/python-app/", import.meta.url));

await describeWith([{ command: "python3", for: "the emulator" }], "a Python consumer in the emulator", () => {
  let emulator: Emulator;
  let deployed: DeployedPython;
  beforeAll(async () => {
    const synthesis = synthesize({ directory, outDir: join(folder, "assembly") });
    // Only for the case that the emulator does not start: it is awaited below.
    synthesis.catch(() => {});
    emulator = await startEmulator();
    // Bootstrapping is mostly waiting: the app is made meanwhile.
    const [{ assembly: app }] = await Promise.all([synthesis, bootstrapEmulator({ emulator })]);
    await deployApp({ emulator, app });
    deployed = await deployedPython(emulator.client, emulator.account);
  }, 300_000);
  afterAll(async () => {
    deployed?.destroy();
    await emulator?.close();
  });

  deployedScenarios(() => deployed);
});

import { memoryOfTreeMb } from "../../local/cloud/index.ts";
import { deployApp, queueDepths, startEmulator } from "../../local/emulator/index.ts";
import type { Stage } from "../ports.ts";
import { workersOf } from "./emulator-workers.ts";
import { app, consumers, recommend } from "./names.ts";
import type { Place } from "./place.ts";

/**
 * Its functions are processes of this machine, started as they are needed, and their start counts as their time: fewer,
 * and more time for each, are faster.
 */
const gentle = ["-c", "concurrency=2", "-c", "timeout-seconds=6"];

/**
 * Deploys the app with the CDK's own command line into an emulator: one that is started for it, or the one at
 * `AWS_ENDPOINT_URL`. The kills need one that runs on this machine.
 */
export async function startOnEmulator(stage: Pick<Stage, "say">, chance: () => number): Promise<Place> {
  const emulator = await startEmulator({ log: stage.say });
  try {
    stage.say("deploying with cdk deploy …");
    await deployApp({ emulator, app, words: gentle });
  } catch (error) {
    await emulator.close();
    throw error;
  }
  const queues = queueDepths(
    emulator,
    consumers.map(({ queueName }) => queueName),
  );
  return {
    endpoint: emulator.endpoint,
    region: emulator.region,
    account: emulator.account,
    environment: emulator.env,
    python: emulator.python,
    queues: queues.look,
    killOne: () => {
      const workers = workersOf(recommend.functionName, emulator.endpoint);
      const pid = workers[Math.floor(chance() * workers.length)];
      return pid !== undefined && process.kill(pid, "SIGKILL") ? pid : undefined;
    },
    memoryMb: () => memoryOfTreeMb(process.pid),
    tally: undefined,
    end: async () => {
      queues.close();
      await emulator.close();
    },
  };
}

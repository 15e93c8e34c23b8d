import { cacheFolder, pythonVenv } from "../../local/tools/index.ts";
import { createTally, programEnvironment, stageCloud } from "../frame/index.ts";
import type { Stage } from "../ports.ts";
import { app, consumers } from "./names.ts";
import type { Place } from "./place.ts";

/** What runs Python functions on this machine, and the SDK that Lambda's own runtime has. */
const requirements = ["awslambdaric==4.2.2", "boto3==1.43.11"];

/** Starts the app on this machine: AWS's own runtime client runs the handler. */
export async function startLocal(port: number, stage: Pick<Stage, "say">): Promise<Place> {
  const { python } = await pythonVenv({ folder: cacheFolder("venv-recommender"), requirements });
  const tally = createTally(consumers);
  const { cloud, end } = await stageCloud({ app, stage, port, python, onLog: tally.take });
  return {
    endpoint: cloud.endpoint,
    region: cloud.region,
    account: cloud.account,
    environment: programEnvironment(cloud),
    python,
    queues: () => cloud.queues(),
    killOne: () => cloud.functions.killOne(),
    memoryMb: () => cloud.memoryMb(),
    tally,
    end,
  };
}

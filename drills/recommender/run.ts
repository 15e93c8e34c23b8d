import { cacheFolder, pythonVenv, requireCommands } from "../../local/tools/index.ts";
import { aborted, untilAborted } from "../../ops/index.ts";
import { createTally, programEnvironment, stageCloud } from "../frame/index.ts";
import type { Stage } from "../ports.ts";
import { workOut } from "./control.ts";
import { consumers, customersTable } from "./names.ts";
import type { RecommenderOptions } from "./options.ts";
import { buildOrderService } from "./order-service.ts";
import { play } from "./play.ts";
import type { RecommenderResult } from "./result.ts";
import { summarize } from "./summary.ts";

/** What runs Python functions on this machine, and the SDK that Lambda's own runtime has. */
const requirements = ["awslambdaric==4.2.2", "boto3==1.43.11"];

/**
 * Plays the recommender drill from build to summary, and stays up afterwards if asked to. Answers the result, or
 * `undefined` when the stage's signal ended it before there was one. Whatever it started has ended when it returns.
 */
export async function runRecommender(
  options: RecommenderOptions,
  stage: Stage,
): Promise<RecommenderResult | undefined> {
  const tally = createTally(consumers);
  const staging = prepare(options, stage, tally.take);
  const staged = await untilAborted(staging, stage.signal);
  if (!staged) {
    // Started in vain: whatever comes up after all is taken down again.
    void staging.then(
      ({ end }) => end(),
      () => undefined,
    );
    return undefined;
  }
  const { cloud, end, ...programs } = staged;
  try {
    stage.say(`${cloud.endpoint} is up: account ${cloud.account}, region ${cloud.region}`);
    const environment = programEnvironment(cloud);
    const control = await workOut(options.orders);
    const playing = play({ cloud, tally, control, options, stage, environment, ...programs });
    const result = await untilAborted(playing, stage.signal);
    if (!result) return undefined;
    if (options.json) {
      stage.say(summarize(result));
      stage.printJson(result);
    } else {
      stage.print(summarize(result));
    }
    if (!options.stay) return result;
    stage.say(
      `still up, until Ctrl-C. Ask whom to write to next:\nAWS_ENDPOINT_URL=${cloud.endpoint} AWS_DEFAULT_REGION=${cloud.region} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local ${programs.python} drills/recommender/handler/whom.py ${customersTable} 20\n`,
    );
    await aborted(stage.signal);
    return result;
  } finally {
    await end();
  }
}

/** Builds the Java service, makes Python's environment, and starts the cloud. */
async function prepare(
  { port }: RecommenderOptions,
  stage: Stage,
  onLog: (functionName: string, line: string) => void,
) {
  await requireCommands([{ command: "python3", for: "the recommender" }]);
  stage.say("building the order service (Java), making the recommender's environment (Python) …");
  const [classpath, { python }] = await Promise.all([
    buildOrderService(),
    pythonVenv({ folder: cacheFolder("venv-recommender"), requirements }),
  ]);
  const app = "node drills/recommender/app.ts";
  const staged = await stageCloud({ app, stage, port, python, onLog });
  return { ...staged, classpath, python };
}

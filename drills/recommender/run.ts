import { requireCommands } from "../../local/tools/index.ts";
import { aborted, untilAborted } from "../../ops/index.ts";
import { seededChance } from "../frame/index.ts";
import type { Stage } from "../ports.ts";
import { workOut } from "./control.ts";
import { customersTable } from "./names.ts";
import type { RecommenderOptions } from "./options.ts";
import { buildOrderService } from "./order-service.ts";
import { play } from "./play.ts";
import type { RecommenderResult } from "./result.ts";
import { startLocal } from "./start-local.ts";
import { startOnEmulator } from "./start-on-emulator.ts";
import { summarize } from "./summary.ts";

/**
 * Plays the recommender drill from build to summary, and stays up afterwards if asked to. Answers the result, or
 * `undefined` when the stage's signal ended it before there was one. Whatever it started has ended when it returns.
 *
 * Throws `ToolsError`, before anything else is done, when Java, Maven or Python is missing.
 */
export async function runRecommender(
  options: RecommenderOptions,
  stage: Stage,
): Promise<RecommenderResult | undefined> {
  const preparing = prepare(options, stage);
  const prepared = await untilAborted(preparing, stage.signal);
  if (!prepared) {
    // Started in vain: whatever comes up after all is taken down again.
    void preparing.then(
      ({ place }) => place.end(),
      () => undefined,
    );
    return undefined;
  }
  const { place, classpath } = prepared;
  try {
    stage.say(`${place.endpoint} is up: account ${place.account}, region ${place.region}`);
    const control = await workOut(options.orders);
    const result = await untilAborted(play({ place, control, options, stage, classpath }), stage.signal);
    if (!result) return undefined;
    if (options.json) {
      stage.say(summarize(result));
      stage.printJson(result);
    } else {
      stage.print(summarize(result));
    }
    if (!options.stay) return result;
    const { AWS_ENDPOINT_URL, AWS_DEFAULT_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } =
      place.environment;
    const variables = { AWS_ENDPOINT_URL, AWS_DEFAULT_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY };
    const line = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    line.push(place.python, "drills/recommender/handler/whom.py", customersTable, "20");
    stage.say(`still up, until Ctrl-C. Ask whom to write to next:\n${line.join(" ")}\n`);
    await aborted(stage.signal);
    return result;
  } finally {
    await place.end();
  }
}

/** Builds the Java service, then starts the place to play. */
async function prepare({ port, emulator, seed }: RecommenderOptions, stage: Stage) {
  await requireCommands([
    { command: "java", for: "the order service of the recommender drill" },
    { command: "mvn", for: "the order service of the recommender drill" },
    { command: "python3", for: "the recommender" },
  ]);
  stage.say("building the order service …");
  const classpath = await buildOrderService();
  const place = emulator ? await startOnEmulator(stage, seededChance(seed)) : await startLocal(port, stage);
  return { place, classpath };
}

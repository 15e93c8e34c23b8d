import { untilAborted } from "../../ops/index.ts";
import { createTally, type StagedCloud, stageCloud } from "../frame/index.ts";
import type { Stage } from "../ports.ts";
import type { ReplayResult } from "./judge.ts";
import { app, consumers } from "./names.ts";
import type { ReplayOptions } from "./options.ts";
import { play } from "./play.ts";
import { summarize } from "./summary.ts";

/**
 * Plays the replay drill: orders are archived, and some of them sent to one consumer again. Answers the result, or `undefined` when the
 * stage's signal ended it before there was one. Whatever it started has ended then.
 */
export async function runReplayDrill(
  options: ReplayOptions,
  stage: Stage,
): Promise<ReplayResult | undefined> {
  let staged: StagedCloud | undefined;
  const tally = createTally(consumers);
  try {
    const staging = stageCloud({ app, stage, port: options.port, onLog: tally.take });
    void staging.then(
      ({ end }) => (stage.signal.aborted ? end() : undefined),
      () => undefined,
    );
    staged = await untilAborted(staging, stage.signal);
    if (!staged) return undefined;
    const { cloud } = staged;
    const result = await untilAborted(play({ cloud, tally, options, stage }), stage.signal);
    if (!result) return undefined;
    if (options.json) {
      stage.say(summarize(result));
      stage.printJson(result);
    } else {
      stage.print(summarize(result));
    }
    return result;
  } finally {
    await staged?.end();
  }
}

import { createTally, playOnCloud } from "../frame/index.ts";
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
  const tally = createTally(consumers);
  return playOnCloud(
    { app, stage, port: options.port, onLog: tally.take },
    {
      json: options.json,
      play: ({ cloud }) => play({ cloud, tally, options, stage }),
      summarize,
    },
  );
}

import { untilAborted } from "../../ops/index.ts";
import type { Stage } from "../ports.ts";
import type { PeakResult } from "./judge.ts";
import type { PeakOptions } from "./options.ts";
import { playLocally } from "./play-locally.ts";
import { playVirtually } from "./play-virtually.ts";
import { summarize } from "./summary.ts";

/**
 * Plays the peak drill: a burst of orders comes for a back end that takes so many a second. Answers the result, or
 * `undefined` when the stage's signal ended it before there was one. Whatever it started has ended then.
 */
export async function runPeak(options: PeakOptions, stage: Stage): Promise<PeakResult | undefined> {
  const result = options.virtual
    ? await untilAborted(playVirtually({ ...options, onProgress: (text) => stage.say(text) }), stage.signal)
    : await playLocally(options, stage);
  if (!result) return undefined;
  if (options.json) {
    stage.say(summarize(result));
    stage.printJson(result);
  } else {
    stage.print(summarize(result));
  }
  return result;
}

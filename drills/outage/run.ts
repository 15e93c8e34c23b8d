import { untilAborted } from "../../ops/index.ts";
import type { Stage } from "../ports.ts";
import type { OutageResult } from "./judge.ts";
import type { OutageOptions } from "./options.ts";
import { playLocally } from "./play-locally.ts";
import { playVirtually } from "./play-virtually.ts";
import { summarize } from "./summary.ts";

/**
 * Plays the outage drill: a payment partner goes down while orders come in, and is back later. Answers the result, or
 * `undefined` when the stage's signal ended it before there was one. Whatever it started has ended then.
 */
export async function runOutage(options: OutageOptions, stage: Stage): Promise<OutageResult | undefined> {
  const result = options.virtual
    ? await untilAborted(playVirtually(options), stage.signal)
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

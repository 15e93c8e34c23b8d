import { untilAborted } from "../../ops/index.ts";
import type { Stage } from "../ports.ts";
import { type StageCloudOptions, type StagedCloud, stageCloud } from "./stage-cloud.ts";

/** What is played on a drill's cloud, and how its result is shown. */
export interface Played<Result extends object> {
  /** As the last line of standard output; the summary goes beside it then. */
  readonly json: boolean;
  play(staged: StagedCloud): Promise<Result>;
  summarize(result: Result): string;
}

/**
 * Starts a drill's cloud, plays on it and shows the result. Answers the result, or `undefined` when the stage's signal
 * ended it before there was one. The cloud has ended then, one that was still starting included.
 */
export async function playOnCloud<Result extends object>(
  options: StageCloudOptions & { readonly stage: Stage },
  { json, play, summarize }: Played<Result>,
): Promise<Result | undefined> {
  const { stage } = options;
  let staged: StagedCloud | undefined;
  try {
    const staging = stageCloud(options);
    void staging.then(
      ({ end }) => (stage.signal.aborted ? end() : undefined),
      () => undefined,
    );
    staged = await untilAborted(staging, stage.signal);
    if (!staged) return undefined;
    const result = await untilAborted(play(staged), stage.signal);
    if (!result) return undefined;
    if (json) {
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

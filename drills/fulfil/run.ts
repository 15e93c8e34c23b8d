import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { synthesize } from "../../local/cloud/index.ts";
import { untilAborted } from "../../ops/index.ts";
import { createTally, type StagedCloud, stageCloud } from "../frame/index.ts";
import { startBeside } from "../frame/start-beside.ts";
import type { Stage } from "../ports.ts";
import type { FulfilResult } from "./judge.ts";
import { app, consumers, nextApp } from "./names.ts";
import type { FulfilOptions } from "./options.ts";
import { play } from "./play.ts";
import { summarize } from "./summary.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Plays the fulfil drill: orders go through five stages, some are refused, one stage is replaced and one becomes slow. Answers the
 * result, or `undefined` when the stage's signal ended it before there was one. Whatever it started has ended then.
 */
export async function runFulfil(options: FulfilOptions, stage: Stage): Promise<FulfilResult | undefined> {
  const { orders } = options;
  const folder = await mkdtemp(join(tmpdir(), "omnibus-fulfil-"));
  const file = join(folder, "books.ndjson");
  const partners = await startBeside({
    script: new URL("./partners.ts", import.meta.url),
    words: [file, String(orders)],
  });
  const tally = createTally(consumers);
  let staged: StagedCloud | undefined;
  try {
    const prepare = async () => {
      // Before orders come: bundling takes a core for seconds.
      const { assembly: next } = await synthesize({
        directory: project,
        app: nextApp,
        outDir: join(folder, "next"),
      });
      const cloud = await stageCloud({
        ...{ app, stage, port: options.port },
        environments: "process",
        onLog: tally.take,
      });
      return { next, cloud };
    };
    const preparing = prepare();
    void preparing.then(
      ({ cloud }) => (stage.signal.aborted ? cloud.end() : undefined),
      () => undefined,
    );
    const prepared = await untilAborted(preparing, stage.signal);
    if (!prepared) return undefined;
    staged = prepared.cloud;
    const { next } = prepared;
    const playing = play({ cloud: staged.cloud, next, shop: partners.url, file, tally, options, stage });
    const result = await untilAborted(playing, stage.signal);
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
    await partners.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

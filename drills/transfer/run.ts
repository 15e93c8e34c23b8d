import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { createTally, playOnCloud } from "../frame/index.ts";
import type { Stage } from "../ports.ts";
import { openCreditBook } from "./credit-book.ts";
import type { TransferResult } from "./judge.ts";
import { bookFile, consumer, type RunOf } from "./names.ts";
import type { TransferOptions } from "./options.ts";
import { play } from "./play.ts";
import { summarize } from "./summary.ts";
import { hourMs, spanMs } from "./times.ts";

/** So many invocations of one function at once: five runs of the reconciliation are started together. */
const environments = 5;

/**
 * Plays the transfer drill: two banks, the bus between them, faults in both, and the reconciliation behind. Answers the
 * result, or `undefined` when the stage's signal ended it before there was one. Whatever it started has ended then.
 */
export async function runTransfer(
  options: TransferOptions,
  stage: Stage,
): Promise<TransferResult | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "omnibus-transfer-"));
  openCreditBook(bookFile(folder)).database.close();
  const { transfers, settleSeconds } = options;
  const beginMs = Math.floor((systemClock.nowMs() - hourMs) / spanMs - 1) * spanMs;
  const run: RunOf = { folder, transfers, settleSeconds, beginMs };
  const tally = createTally([consumer]);
  try {
    return await playOnCloud(
      {
        app: `node drills/transfer/app.ts '${JSON.stringify(run)}'`,
        stage,
        port: options.port,
        environments: "process",
        maxEnvironments: environments,
        onLog: tally.take,
      },
      {
        json: options.json,
        play: (staged) => play({ staged, run, tally, stage }),
        summarize,
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

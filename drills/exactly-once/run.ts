import { createPublisher, wireTopics } from "../../src/publish/index.ts";
import {
  askWitness,
  createTally,
  playOnCloud,
  type StagedCloud,
  showProgress,
  stallMs,
  waitUntilSettled,
  watchBacklog,
} from "../frame/index.ts";
import { type BesideServer, startBeside } from "../frame/start-beside.ts";
import type { Stage } from "../ports.ts";
import { transferAsked } from "./contracts.ts";
import { type Crash, readCrash } from "./crash-points.ts";
import { type Books, type Call, type ExactlyOnceResult, judge } from "./judge.ts";
import { app, bus, consumers } from "./names.ts";
import type { ExactlyOnceOptions } from "./options.ts";
import { summarize } from "./summary.ts";
import { transferOf } from "./transfers.ts";

/** How many transfers wait at most: a process that is killed takes ten of them along for half a minute. */
const maxBacklog = 2_000;

type ConsumerName = (typeof consumers)[number]["name"];

/**
 * Plays the exactly-once drill: transfers are booked in mode `transaction`, and told to a partner in mode `once`, by processes
 * that are killed at crash points which they print. Answers the result, or `undefined` when the stage's signal ended it
 * before there was one. Whatever it started has ended then.
 */
export async function runExactlyOnce(
  options: ExactlyOnceOptions,
  stage: Stage,
): Promise<ExactlyOnceResult | undefined> {
  const partner = await startBeside({ script: new URL("./partner.ts", import.meta.url) });
  const tally = createTally(consumers);
  const crashes: Crash[] = [];
  try {
    // Processes: a thread cannot be killed.
    return await playOnCloud(
      {
        ...{ app, stage, port: options.port, environments: "process" },
        onLog: (functionName, line) => {
          const crash = readCrash(line);
          if (!crash) return tally.take(functionName, line);
          process.kill(crash.pid, "SIGKILL");
          crashes.push(crash);
        },
      },
      {
        json: options.json,
        play: (staged) => play({ staged, partner, tally, crashes, options, stage }),
        summarize,
      },
    );
  } finally {
    await partner.stop();
  }
}

async function play({
  staged: { cloud },
  partner,
  tally,
  crashes,
  options: { transfers, kills },
  stage,
}: {
  readonly staged: StagedCloud;
  readonly partner: BesideServer;
  readonly tally: ReturnType<typeof createTally<ConsumerName>>;
  readonly crashes: readonly Crash[];
  readonly options: ExactlyOnceOptions;
  readonly stage: Stage;
}): Promise<ExactlyOnceResult> {
  const { signal } = stage;
  const { endpoint, region, account } = cloud;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const backlog = watchBacklog({ consumers, queues: () => cloud.queues() });
  const published = { orders: 0 };
  const endProgress = showProgress(stage, {
    ...{ consumers, orders: transfers, published, backlog, tally },
    kills: () => crashes.length,
  });
  try {
    const publisher = createPublisher({
      ...{ bus, source: "/bank/desk", account, region },
      topics: wireTopics({ endpoint, region, domain: "amazonaws.com", credentials }),
      onPublished: () => {
        published.orders += 1;
      },
    });
    const asked = async function* () {
      for (let index = 0; index < transfers && !signal.aborted; index++) {
        while (backlog.deepest() > maxBacklog && !signal.aborted) await backlog.next();
        yield { ...transferOf(index), partner: partner.url };
      }
    };
    await publisher.publishAll(transferAsked, asked());
    await publisher.close();
    await waitUntilSettled({ consumers, backlog, tally, stallMs, signal });
    endProgress();
    const books = await askWitness<Books>({
      script: new URL("./audit.ts", import.meta.url),
      ...{ endpoint, region, signal },
    });
    const calls = (await (await fetch(`${partner.url}/audit`)).json()) as Record<string, readonly Call[]>;
    return judge({ transfers, wantedKills: kills, books, calls, crashes });
  } finally {
    endProgress();
    backlog.stop();
  }
}

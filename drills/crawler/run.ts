import { SQSClient } from "@aws-sdk/client-sqs";
import { systemClock } from "../../src/clock.ts";
import { createPublisher, wireTopics } from "../../src/publish/index.ts";
import {
  createTally,
  playOnCloud,
  readDeadLetters,
  type StagedCloud,
  showProgress,
  stallMs,
  waitUntilSettled,
  watchBacklog,
} from "../frame/index.ts";
import type { Stage } from "../ports.ts";
import { pageFound } from "./contracts.ts";
import { type CrawlerResult, judge } from "./judge.ts";
import { app, bus, consumers, sites } from "./names.ts";
import type { CrawlerOptions } from "./options.ts";
import { startThirdParty, type ThirdParty } from "./start-third-party.ts";
import { summarize } from "./summary.ts";

/** How often it is looked whether the moment for the kill has come. */
const lookMs = 50;

/**
 * Plays the crawler drill: four consumers share one limit, a third party in a process of its own bans at one call too many,
 * and a holder is killed half-way. Answers the result, or `undefined` when the stage's signal ended it before there was
 * one. Whatever it started has ended when it returns.
 */
export async function runCrawler(options: CrawlerOptions, stage: Stage): Promise<CrawlerResult | undefined> {
  const thirdParty = await startThirdParty();
  const tally = createTally(consumers);
  try {
    return await playOnCloud(
      {
        app,
        stage,
        port: options.port,
        // Holders that share nothing but the table.
        environments: "process",
        onLog: tally.take,
      },
      {
        json: options.json,
        play: (staged) => play({ staged, thirdParty, tally, options, stage }),
        summarize,
      },
    );
  } finally {
    await thirdParty.stop();
  }
}

async function play({
  staged: { cloud },
  thirdParty,
  tally,
  options: { pages },
  stage,
}: {
  readonly staged: StagedCloud;
  readonly thirdParty: ThirdParty;
  readonly tally: ReturnType<typeof createTally<(typeof consumers)[number]["name"]>>;
  readonly options: CrawlerOptions;
  readonly stage: Stage;
}): Promise<CrawlerResult> {
  const { signal } = stage;
  const { endpoint, region, account } = cloud;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const backlog = watchBacklog({ consumers, queues: () => cloud.queues() });
  const counts = { orders: 0 };
  let kills = 0;
  const endProgress = showProgress(stage, {
    consumers,
    orders: pages,
    published: counts,
    backlog,
    tally,
    kills: () => kills,
  });
  const handled = () => Object.values(tally.of).reduce((sum, one) => sum + one.handled, 0);
  let cancel = () => {};
  const killHalfWay = () => {
    if (handled() >= pages / 2 && cloud.functions.killOne() !== undefined) {
      kills += 1;
      return;
    }
    cancel = systemClock.after(lookMs, killHalfWay);
  };
  killHalfWay();
  try {
    const publisher = createPublisher({
      bus,
      source: "/crawl/frontier",
      account,
      region,
      topics: wireTopics({ endpoint, region, domain: "amazonaws.com", credentials }),
    });
    const { published } = await publisher.publishAll(pageFound, pagesOf(pages, thirdParty.url));
    counts.orders = published;
    await publisher.close();
    await waitUntilSettled({ consumers, backlog, tally, stallMs, signal });
    const client = new SQSClient({ endpoint, region, credentials });
    const letters = await Promise.all(
      consumers.map(({ deadLetterQueueName: queueName }) => readDeadLetters({ client, queueName })),
    );
    const deadLetters = letters.reduce((sum, one) => sum + one.deadLetters, 0);
    return judge({ audit: await thirdParty.audit(), pages, kills, deadLetters });
  } finally {
    cancel();
    endProgress();
    backlog.stop();
  }
}

function* pagesOf(count: number, thirdParty: string) {
  for (let index = 0; index < count; index++) {
    const site = sites[index % sites.length] as string;
    yield { url: `${thirdParty}/${site}/${index}`, site };
  }
}

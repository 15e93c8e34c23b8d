import { SQSClient } from "@aws-sdk/client-sqs";
import { untilAborted } from "../../ops/index.ts";
import { systemClock } from "../../src/clock.ts";
import { createPublisher, wireTopics } from "../../src/publish/index.ts";
import {
  createTally,
  readDeadLetters,
  type StagedCloud,
  showProgress,
  stageCloud,
  stallMs,
  waitUntilSettled,
  watchBacklog,
} from "../frame/index.ts";
import { type BesideServer, startBeside } from "../frame/start-beside.ts";
import type { Stage } from "../ports.ts";
import type { BookingsReport } from "./bookings.ts";
import { backEnd, orderPlaced, paceOf } from "./contracts.ts";
import { judge, type PeakResult } from "./judge.ts";
import { app, bus, consumer } from "./names.ts";
import { type PeakOptions, size, sizes } from "./options.ts";
import { planPeak } from "./plan-peak.ts";

/** Plays it in the local cloud, with the back end in a process of its own. */
export async function playLocally(options: PeakOptions, stage: Stage): Promise<PeakResult | undefined> {
  const server = await startBeside({
    script: new URL("./back-end.ts", import.meta.url),
    words: [String(backEnd.count)],
  });
  const tally = createTally([consumer]);
  let staged: StagedCloud | undefined;
  try {
    const staging = stageCloud({
      app,
      stage,
      port: options.port,
      // Holders that share nothing but the table.
      environments: "process",
      maxEnvironments: size.concurrency,
      onLog: tally.take,
    });
    void staging.then(
      ({ end }) => (stage.signal.aborted ? end() : undefined),
      () => undefined,
    );
    staged = await untilAborted(staging, stage.signal);
    if (!staged) return undefined;
    return await untilAborted(play({ staged, server, tally, options, stage }), stage.signal);
  } finally {
    await staged?.end();
    await server.stop();
  }
}

async function play({
  staged: { cloud },
  server,
  tally,
  options: { events },
  stage,
}: {
  readonly staged: StagedCloud;
  readonly server: BesideServer;
  readonly tally: ReturnType<typeof createTally<typeof consumer.name>>;
  readonly options: PeakOptions;
  readonly stage: Stage;
}): Promise<PeakResult> {
  const { signal } = stage;
  const { endpoint, region, account } = cloud;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const { perSecond } = sizes.local;
  const planned = planPeak({ events, perSecond, limit: backEnd, wish: size });
  const backlog = watchBacklog({ consumers: [consumer], queues: () => cloud.queues() });
  const counts = { orders: 0 };
  const endProgress = showProgress(stage, {
    consumers: [consumer],
    orders: events,
    published: counts,
    backlog,
    tally,
    kills: () => undefined,
  });
  const client = new SQSClient({ endpoint, region, credentials });
  try {
    const publisher = createPublisher({
      bus,
      source: "/peak/shop",
      account,
      region,
      topics: wireTopics({ endpoint, region, domain: "amazonaws.com", credentials }),
      onPublished: () => {
        counts.orders += 1;
      },
    });
    await fetch(`${server.url}/begin`, { method: "POST" });
    const beganMs = systemClock.nowMs();
    const { published } = await publisher.publishAll(orderPlaced, ordersOf(events, server.url));
    const publishSeconds = (systemClock.nowMs() - beganMs) / 1_000;
    await publisher.close();
    await waitUntilSettled({ consumers: [consumer], backlog, tally, stallMs, signal });
    const { deadLetters } = await readDeadLetters({ client, queueName: consumer.deadLetterQueueName });
    return judge({
      published,
      publishSeconds,
      limit: backEnd.count,
      paceMs: paceOf(backEnd),
      bookings: (await (await fetch(`${server.url}/report`)).json()) as BookingsReport,
      dead: deadLetters,
      plannedDrainSeconds: planned.drainSeconds,
    });
  } finally {
    endProgress();
    backlog.stop();
    client.destroy();
  }
}

function* ordersOf(count: number, backEndUrl: string) {
  for (let order = 0; order < count; order++) yield { order, backEnd: backEndUrl };
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { untilAborted } from "../../ops/index.ts";
import { dynamoHolds, type HoldStore, sdkHoldCalls } from "../../src/breaker/index.ts";
import { sleep, systemClock } from "../../src/clock.ts";
import { jobsTableName } from "../../src/names.ts";
import { createPublisher, wireTopics } from "../../src/publish/index.ts";
import {
  askWitness,
  createTally,
  type StagedCloud,
  showProgress,
  stageCloud,
  stallMs,
  waitUntilSettled,
  watchBacklog,
} from "../frame/index.ts";
import { type BesideServer, startBeside } from "../frame/start-beside.ts";
import type { Stage } from "../ports.ts";
import { orderOf, orderPlaced } from "./contracts.ts";
import { type Evidence, judge, type OutageResult } from "./judge.ts";
import { app, bus, consumer } from "./names.ts";
import { type OutageOptions, quietSeconds, takesMs } from "./options.ts";

/** How often it is looked whether the consumer is held. */
const lookMs = 500;

/** Plays it in the local cloud, with the partner in a process of its own. */
export async function playLocally(options: OutageOptions, stage: Stage): Promise<OutageResult | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "omnibus-outage-"));
  const file = join(folder, "books.ndjson");
  const partner = await startBeside({ script: new URL("./partner.ts", import.meta.url), words: [file] });
  const tally = createTally([consumer]);
  let staged: StagedCloud | undefined;
  try {
    const staging = stageCloud({
      app,
      stage,
      port: options.port,
      environments: "process",
      onLog: tally.take,
    });
    void staging.then(
      ({ end }) => (stage.signal.aborted ? end() : undefined),
      () => undefined,
    );
    staged = await untilAborted(staging, stage.signal);
    if (!staged) return undefined;
    return await untilAborted(play({ staged, partner, file, tally, options, stage }), stage.signal);
  } finally {
    await staged?.end();
    await partner.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function play({
  staged: { cloud },
  partner,
  file,
  tally,
  options: { events, downSeconds },
  stage,
}: {
  readonly staged: StagedCloud;
  readonly partner: BesideServer;
  readonly file: string;
  readonly tally: ReturnType<typeof createTally<typeof consumer.name>>;
  readonly options: OutageOptions;
  readonly stage: Stage;
}): Promise<OutageResult> {
  const { signal } = stage;
  const { endpoint, region, account } = cloud;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const backlog = watchBacklog({ consumers: [consumer], queues: () => cloud.queues() });
  const published = { orders: 0 };
  const endProgress = showProgress(stage, {
    consumers: [consumer],
    orders: events,
    published,
    backlog,
    tally,
    kills: () => undefined,
  });
  const held = watchHolds(dynamoHolds({ table: jobsTableName(bus), calls: sdkHoldCalls({ client }) }));
  try {
    const publisher = createPublisher({
      bus,
      source: "/payday/shop",
      account,
      region,
      topics: wireTopics({ endpoint, region, domain: "amazonaws.com", credentials }),
    });
    const spanMs = (downSeconds + 2 * quietSeconds) * 1_000;
    const beganMs = systemClock.nowMs();
    let isDown = false;
    for (let order = 0; order < events && !signal.aborted; order++) {
      const dueMs = beganMs + (order * spanMs) / events;
      if (!isDown && systemClock.nowMs() - beganMs >= quietSeconds * 1_000) {
        isDown = true;
        stage.say(`the partner goes down for ${downSeconds} s …`);
        await fetch(`${partner.url}/outage?ms=${downSeconds * 1_000}&takesMs=${takesMs}`, { method: "POST" });
      }
      await sleep(systemClock, Math.max(0, dueMs - systemClock.nowMs()), signal);
      await publisher.publish(orderPlaced, orderOf(order, partner.url));
      published.orders += 1;
    }
    await publisher.close();
    await waitUntilSettled({
      consumers: [consumer],
      backlog,
      tally,
      stallMs: stallMs + downSeconds * 1_000,
      signal,
    });
    const readings = await askWitness<Pick<Evidence, "books" | "dead" | "maxAttempts">>({
      script: new URL("./witness.ts", import.meta.url),
      endpoint,
      region,
      signal,
      words: [file],
    });
    return judge({ ...readings, events, downSeconds, heldSeconds: held.seconds() });
  } finally {
    held.stop();
    endProgress();
    backlog.stop();
    client.destroy();
  }
}

/** Adds up for how long the consumer is held. */
function watchHolds(holds: HoldStore): { seconds(): number; stop(): void } {
  const stopped = new AbortController();
  let seconds = 0;
  const loop = async () => {
    while (!stopped.signal.aborted) {
      const [found] = await holds.read([consumer.name]).catch(() => []);
      if (found && found.holds.length > 0) seconds += lookMs / 1_000;
      await sleep(systemClock, lookMs, stopped.signal);
    }
  };
  void loop();
  return { seconds: () => seconds, stop: () => stopped.abort() };
}

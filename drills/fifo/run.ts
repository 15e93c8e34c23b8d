import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { listParked } from "../../ops/parked/index.ts";
import { sleep, systemClock } from "../../src/clock.ts";
import { parkedTableName } from "../../src/names.ts";
import { dynamoParked, sdkCalls } from "../../src/parking/index.ts";
import { createPublisher, wireTopics } from "../../src/publish/index.ts";
import {
  createTally,
  playOnCloud,
  type StagedCloud,
  showProgress,
  stallMs,
  startBus,
  waitUntilSettled,
  watchBacklog,
} from "../frame/index.ts";
import { type BesideServer, startBeside } from "../frame/start-beside.ts";
import type { Stage } from "../ports.ts";
import type { BookAudit } from "./book-audit.ts";
import { balanceMoved } from "./contracts.ts";
import { type FifoResult, judge } from "./judge.ts";
import { accountOf, app, bus, consumer } from "./names.ts";
import type { FifoOptions } from "./options.ts";
import { poisonStep, type Sizes } from "./poison-step.ts";
import { summarize } from "./summary.ts";

/** How often it is looked whether a moment has come. */
const lookMs = 50;
const release = ["dlq", "release", consumer.name, "--all", "--with-poison", "--yes", "--json"];

/**
 * Plays the FIFO drill: many groups in order, poison in some, which wait behind it and are released while a function and
 * the command are killed. Answers the result, or `undefined` when the stage's signal ended it before there was one.
 * Whatever it started has ended then.
 */
export async function runFifo(options: FifoOptions, stage: Stage): Promise<FifoResult | undefined> {
  const { groups, events, poison } = options;
  const book = await startBeside({
    script: new URL("./book.ts", import.meta.url),
    words: [groups, events, poison].map(String),
  });
  const tally = createTally([consumer]);
  try {
    // Processes: a thread cannot be killed.
    return await playOnCloud(
      {
        ...{ app, stage, port: options.port, environments: "process" },
        onLog: tally.take,
      },
      {
        json: options.json,
        play: (staged) => play({ staged, book, tally, sizes: options, stage }),
        summarize,
      },
    );
  } finally {
    await book.stop();
  }
}

async function play({
  staged: { cloud },
  book,
  tally,
  sizes,
  stage,
}: {
  readonly staged: StagedCloud;
  readonly book: BesideServer;
  readonly tally: ReturnType<typeof createTally<typeof consumer.name>>;
  readonly sizes: Sizes;
  readonly stage: Stage;
}): Promise<FifoResult> {
  const { signal } = stage;
  const { endpoint, region, account } = cloud;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const store = dynamoParked({ table: parkedTableName(bus), calls: sdkCalls({ client }) });
  const backlog = watchBacklog({ consumers: [consumer], queues: () => cloud.queues() });
  const published = { orders: 0 };
  const endProgress = showProgress(stage, {
    ...{ consumers: [consumer], orders: sizes.groups * sizes.events, published, backlog, tally },
    kills: () => undefined,
  });
  const settle = () => waitUntilSettled({ consumers: [consumer], backlog, tally, stallMs, signal });
  const audit = async () => (await (await fetch(`${book.url}/audit`)).json()) as BookAudit;
  const until = async (what: () => Promise<boolean>) => {
    while (!signal.aborted && !(await what())) await sleep(systemClock, lookMs, signal);
  };
  try {
    const publisher = createPublisher({
      ...{ bus, source: "/bank/desk", account, region },
      topics: wireTopics({ endpoint, region, domain: "amazonaws.com", credentials }),
      onPublished: () => {
        published.orders += 1;
      },
    });
    await publisher.publishAll(balanceMoved, stepsOf(sizes, book.url), ({ index }) => ({
      partitionkey: accountOf(index),
    }));
    await publisher.close();
    await settle();
    endProgress();
    const before = await audit();
    const list = await listParked(store, { consumer: consumer.name, fifo: true });
    const parked = "groups" in list ? list.groups.length : 0;

    await fetch(`${book.url}/mend`);
    stage.say(`${parked} groups are parked, and can be written by now; releasing them, under SIGKILL …`);
    const written = async () => {
      const now = await audit();
      return sick(sizes).reduce((sum, index) => sum + new Set(now[index]).size, 0);
    };
    const atRest = await written();
    const left = sizes.poison * sizes.events - atRest;
    const first = startBus(release, { endpoint, region, signal });
    // The one begins the release and is killed; then a function, in the middle of its line.
    await until(async () => (await written()) > atRest);
    const atCommandKill = await written();
    first.kill();
    const commandKills = (await first.ended) === null ? [atCommandKill] : [];
    await until(async () => (await written()) >= atRest + left / 3);
    const atFunctionKill = await written();
    const functionKills = cloud.functions.killOne() === undefined ? [] : [atFunctionKill];
    stage.say(`killed the command and ${functionKills.length} function; the same command again …`);
    const second = startBus(release, { endpoint, region, signal });
    const code = await second.ended;
    stage.say(forPeople(second.said()));
    if (code !== 0) stage.say(`the second run ended with ${code}`);
    await settle();
    return judge({ sizes, before, after: await audit(), parked, functionKills, commandKills });
  } finally {
    endProgress();
    backlog.stop();
    client.destroy();
  }
}

/** What a command has said, without its line for programs. */
function forPeople(said: string): string {
  const lines = said.trim().split("\n");
  return lines.filter((line) => !line.startsWith("{")).join("\n");
}

/** The accounts in which a step is poison. */
function sick(sizes: Sizes): readonly number[] {
  const all = Array.from({ length: sizes.groups }, (_, index) => index);
  return all.filter((index) => poisonStep(index, sizes) !== undefined);
}

/** All first steps, then all second ones: so every account is on its way at once. */
function* stepsOf({ groups, events }: Sizes, book: string) {
  for (let step = 0; step < events; step++) {
    for (let index = 0; index < groups; index++) yield { book, index, step };
  }
}

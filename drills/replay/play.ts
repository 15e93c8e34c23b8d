import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { LocalCloud } from "../../local/cloud/index.ts";
import { sleep, systemClock } from "../../src/clock.ts";
import { archiveQueueName, jobsTableName } from "../../src/names.ts";
import { createPublisher, wireTopics } from "../../src/publish/index.ts";
import { dynamoReplays, type ReplayJob } from "../../src/replay/index.ts";
import {
  askWitness,
  backlogCeiling,
  type LogTally,
  StalledError,
  stallMs,
  startBus,
  waitUntilSettled,
  watchBacklog,
} from "../frame/index.ts";
import { orderCreated } from "../orders/contracts.ts";
import { type Order, readOrders } from "../orders/orders.ts";
import type { Stage } from "../ports.ts";
import { judge, type ReplayResult } from "./judge.ts";
import { bus, type ConsumerName, consumers, questions, source, times } from "./names.ts";
import type { ReplayOptions } from "./options.ts";
import type { Witnessed } from "./witnessed.ts";

const [points] = consumers;
const lookMs = 250;
const publishedAtOnce = 1_000;
/** As fast as two busy cores take them. */
const quickPerSecond = 1_000;
/** Much longer than sealing takes. */
const patienceMs = 8 * times.spanMinutes * 60_000;
/** Which of the archive's sealed lines are replayed by offset, as shares of all. */
const offsetShares = [0.25, 0.27] as const;

/** Archives orders by publishing them, and replays some of them to one of two consumers: killed half-way, gone on with. */
export async function play({
  cloud,
  tally,
  options: { orders, day, rate },
  stage,
}: {
  readonly cloud: LocalCloud;
  readonly tally: LogTally<ConsumerName>;
  readonly options: ReplayOptions;
  readonly stage: Stage;
}): Promise<ReplayResult> {
  const { endpoint, region, account } = cloud;
  const { signal } = stage;
  const clock = systemClock;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const dynamodb = new DynamoDBClient({ endpoint, region, credentials });
  const replays = dynamoReplays({ table: jobsTableName(bus), client: dynamodb });
  const place = { endpoint, region, signal };
  const backlog = watchBacklog({ consumers, queues: () => cloud.queues() });
  const publisher = createPublisher({
    bus,
    source,
    account,
    region,
    topics: wireTopics({ endpoint, region, domain: "amazonaws.com", credentials }),
  });
  const until = async (what: string, isSo: () => Promise<boolean> | boolean) => {
    const beganMs = clock.nowMs();
    while (!signal.aborted && !(await isSo())) {
      if (clock.nowMs() - beganMs > patienceMs) throw new StalledError(`waited in vain until ${what}`);
      await sleep(clock, lookMs, signal);
    }
  };
  const settle = () => waitUntilSettled({ consumers, backlog, tally, stallMs, signal });
  const witness = () => askWitness<Witnessed>({ script: new URL("./witness.ts", import.meta.url), ...place });
  const archiveIsEmpty = async () => {
    const queue = (await cloud.queues()).find(({ name }) => name === archiveQueueName(bus));
    return queue !== undefined && queue.visible + queue.inFlight + queue.delayed === 0;
  };
  /** A command as a person would type it, to its end. */
  const command = async (...words: readonly string[]) => {
    const started = startBus([...words, "--json"], place);
    const code = await started.ended;
    if (code !== 0) stage.say(`bus ${words.join(" ")} ended with ${code}:\n${started.said()}`);
    return JSON.parse(started.printed().trimEnd().split("\n").at(-1) ?? "{}") as Record<string, unknown>;
  };
  const replay = (...words: readonly string[]) =>
    command("replay", points.name, ...words, "--again", "--yes");
  const idsBySql = async (condition: string) => {
    const { rows = [] } = await command("query", `select id from archive where ${condition}`);
    return (rows as readonly { readonly id: string }[]).map(({ id }) => id);
  };
  const newest = async (): Promise<ReplayJob | undefined> => (await replays.list())[0]?.job;

  try {
    const published = await publishAll();
    stage.say("all are handled; waiting until all are archived and sealed …");
    await until("the archive's queue is empty", archiveIsEmpty);
    let before = await witness();
    await until("all is sealed", async () => {
      before = await witness();
      const open = before.archived.filter(([, offset]) => offset === "").length;
      if (open > 0) await sleep(clock, 5_000, signal);
      return open === 0;
    });
    const selectedDay = await idsBySql(questions.day(day));

    stage.say(
      `replaying ${selectedDay.length} orders of ${day} to ${points.name} at ${rate}/s, to be killed half-way …`,
    );
    const words = ["--sql", questions.day(day), "--rate", String(rate), "--again", "--yes"];
    const first = startBus(["replay", points.name, ...words], place);
    let isOver = false;
    void first.ended.then(() => {
      isOver = true;
    });
    const half = selectedDay.length / 2;
    await until("half are sent", async () => isOver || ((await newest())?.counts.sent ?? 0) >= half);
    first.kill();
    const kills = (await first.ended) === null ? 1 : 0;
    const killed = await newest();
    if (kills === 0) stage.say(first.said());
    const sentBeforeKill = killed?.counts.sent ?? 0;
    stage.say(`killed after ${sentBeforeKill}; going on as soon as nobody holds it …`);
    await command("replay", "resume", killed?.id ?? "none");
    await settle();
    const afterDay = await witness();

    const large = await idsBySql(questions.large);
    stage.say(`replaying ${large.length} orders that SQL chooses …`);
    await replay("--sql", questions.large, "--rate", String(quickPerSecond));
    const [from, to] = offsetShares.map((share) => Math.floor(share * before.archived.length));
    const [[, fromOffset = ""] = [], [, toOffset = ""] = []] = [from, to].map(
      (at) => before.archived[at ?? 0],
    );
    const byOffset = before.archived.slice(from, to).map(([id]) => id);
    stage.say(`replaying ${byOffset.length} orders from ${fromOffset} to ${toOffset} …`);
    await replay("--from", fromOffset, "--to", toOffset, "--rate", String(quickPerSecond));
    await settle();
    const after = await witness();
    const selected = { day: selectedDay, large, byOffset };
    return judge({ published, selected, before, afterDay, after, rate, kills, sentBeforeKill });
  } finally {
    backlog.stop();
    await publisher.close();
    dynamodb.destroy();
  }

  async function publishAll(): Promise<readonly string[]> {
    const limit = orders === "all" ? Number.POSITIVE_INFINITY : orders;
    stage.say(`publishing ${orders === "all" ? "all" : orders} orders to two consumers …`);
    const ids: string[] = [];
    let some: Order[] = [];
    const publish = async () => {
      await publisher.publishAll(orderCreated, some, ({ orderId }) => ({ id: orderId }));
      ids.push(...some.map(({ orderId }) => orderId));
      some = [];
      await until("consumers have come nearer", () => backlog.deepest() < backlogCeiling);
    };
    for await (const order of readOrders(limit)) {
      some.push(order);
      if (some.length === publishedAtOnce) await publish();
      if (signal.aborted) break;
    }
    if (some.length > 0) await publish();
    await settle();
    return ids;
  }
}

import type { LocalCloud } from "../../local/cloud/index.ts";
import { systemClock } from "../../src/clock.ts";
import { topicArn } from "../../src/names.ts";
import {
  askWitness,
  type LogTally,
  meanWorkBetweenKills,
  quietLag,
  seededChance,
  showProgress,
  stallMs,
  startChaos,
  waitUntilSettled,
  watchBacklog,
  watchMemory,
} from "../frame/index.ts";
import { orderCreated } from "../orders/contracts.ts";
import type { Stage } from "../ports.ts";
import type { Control } from "./control.ts";
import { judge, shareSentTwice } from "./judge.ts";
import { bus, consumers, recommend } from "./names.ts";
import type { RecommenderOptions } from "./options.ts";
import { startOrderService } from "./order-service.ts";
import { placeOrders } from "./place-orders.ts";
import type { Readings } from "./readings.ts";
import { makeResult, type RecommenderResult } from "./result.ts";
import { askWhom } from "./whom.ts";

/** Between two kills of a full run, on average: thirty in 69,659 orders. */
const workBetweenKills = 2_300;

const script = new URL("./verify.ts", import.meta.url);

/** Has the orders published and handled, waits until nothing is left, reads the results back and judges them. */
export async function play({
  cloud,
  tally,
  control,
  options,
  stage,
  classpath,
  python,
  environment,
}: {
  readonly cloud: LocalCloud;
  readonly tally: LogTally<typeof recommend.name>;
  readonly control: Control;
  readonly options: RecommenderOptions;
  readonly stage: Stage;
  readonly classpath: string;
  readonly python: string;
  readonly environment: Readonly<Record<string, string>>;
}): Promise<RecommenderResult> {
  const clock = systemClock;
  const { signal } = stage;
  const { endpoint, region, account } = cloud;
  const backlog = watchBacklog({ consumers, queues: () => cloud.queues() });
  const memory = watchMemory({ memoryMb: () => cloud.memoryMb() });
  const beginMs = clock.nowMs();
  const service = startOrderService({
    classpath,
    environment,
    topicArn: topicArn({ bus, topic: orderCreated.topic, region, account }),
    orders: control.orders,
    sentTwice: shareSentTwice,
    seed: options.seed,
  });
  const published = service.counts;
  const done = () => tally.of[recommend.name].handled;
  const chaos = startChaos({
    killOne: () => cloud.functions.killOne(),
    done,
    // The last few are left alone: each kill would hold them back for a visibility timeout.
    goesOn: (kills) =>
      kills === 0 || published.orders < control.orders || backlog.deepest() >= quietLag(control.orders),
    chance: seededChance(options.seed),
    meanWork: meanWorkBetweenKills(control.orders, workBetweenKills),
  });
  const endProgress = showProgress(stage, {
    consumers,
    orders: control.orders,
    published,
    backlog,
    tally,
    kills: chaos.kills,
  });
  try {
    await placeOrders({ service, orders: control.orders, backlog, signal });
    const emptyAtMs = await waitUntilSettled({ consumers, backlog, tally, stallMs, signal });
    chaos.stop();
    endProgress();
    const [memoryMb, readings, letters] = await Promise.all([
      memory.end(),
      askWitness<Readings>({ script, endpoint, region, signal }),
      askWhom({ python, environment, signal }),
    ]);
    const evidence = {
      control,
      published: { ...published },
      readings,
      suppressed: tally.of[recommend.name].duplicates,
      kills: chaos.kills(),
      full: options.orders === "all",
    };
    return makeResult({
      evidence,
      findings: judge(evidence),
      elapsedMs: emptyAtMs - beginMs,
      memoryMb,
      letters,
    });
  } finally {
    chaos.stop();
    endProgress();
    backlog.stop();
    await service.stop();
  }
}

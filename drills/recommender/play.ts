import { systemClock } from "../../src/clock.ts";
import { topicArn } from "../../src/names.ts";
import {
  askWitness,
  createTally,
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
import type { Place } from "./place.ts";
import { placeOrders } from "./place-orders.ts";
import type { Readings } from "./readings.ts";
import { makeResult, type RecommenderResult } from "./result.ts";
import { askWhom } from "./whom.ts";

/** Between two kills of a full run, on average: thirty in 69,659 orders. */
const workBetweenKills = 2_300;

const script = new URL("./verify.ts", import.meta.url);

/** Has the orders published and handled, waits until nothing is left, reads the results back and judges them. */
export async function play({
  place,
  control,
  options,
  stage,
  classpath,
}: {
  readonly place: Place;
  readonly control: Control;
  readonly options: RecommenderOptions;
  readonly stage: Stage;
  readonly classpath: string;
}): Promise<RecommenderResult> {
  const clock = systemClock;
  const { signal } = stage;
  const { endpoint, region, account, environment, python, tally: told } = place;
  const tally = told ?? createTally(consumers);
  const backlog = watchBacklog({ consumers, queues: place.queues });
  const memory = watchMemory({ memoryMb: place.memoryMb });
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
  const messages = () => published.orders + published.duplicates;
  const done = () => {
    const { handled } = tally.of[recommend.name];
    if (told) return handled;
    // Where the recommender cannot be heard, what is gone from its queue is what it has done.
    const gone = Math.max(handled, messages() - backlog.lag(recommend.name));
    tally.of[recommend.name].handled = gone;
    return gone;
  };
  const chaos = startChaos({
    killOne: () => place.killOne(),
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
      suppressed: told ? told.of[recommend.name].duplicates : messages() - readings.handled,
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

import type { LocalCloud } from "../../local/cloud/index.ts";
import { sleep, systemClock } from "../../src/clock.ts";
import { createPublisher, wireTopics } from "../../src/publish/index.ts";
import {
  askWitness,
  type LogTally,
  showProgress,
  stallMs,
  waitUntilSettled,
  watchBacklog,
} from "../frame/index.ts";
import { readOrders } from "../orders/orders.ts";
import type { Stage } from "../ports.ts";
import { orderPlaced } from "./contracts.ts";
import { type Evidence, type FulfilResult, judge } from "./judge.ts";
import { bus, consumers, redeployed, slowed } from "./names.ts";
import { type FulfilOptions, quietOf, slowFactor, warmUpOf } from "./options.ts";

/** Places the orders, evenly, disturbs two stages on the way, and has another process read what has come of it. */
export async function play({
  cloud,
  next,
  shop,
  file,
  tally,
  options: { orders, rate },
  stage,
}: {
  readonly cloud: LocalCloud;
  /** The assembly with the other code of one stage. */
  readonly next: string;
  readonly shop: string;
  readonly file: string;
  readonly tally: LogTally<(typeof consumers)[number]["name"]>;
  readonly options: FulfilOptions;
  readonly stage: Stage;
}): Promise<FulfilResult> {
  const { signal } = stage;
  const { endpoint, region, account } = cloud;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const backlog = watchBacklog({ consumers, queues: () => cloud.queues() });
  const published = { orders: 0 };
  const progress = { consumers, orders, published, backlog, tally, kills: () => undefined };
  const endProgress = showProgress(stage, progress);
  const settle = () => waitUntilSettled({ consumers, backlog, tally, stallMs, signal });
  const slow = async (factor: number) => {
    stage.say(
      `${slowed}'s partner takes ${factor === 1 ? "its usual time again" : `${factor} times as long`} …`,
    );
    await fetch(`${shop}/slow/${slowed}/${factor}`, { method: "POST" });
  };
  const replace = async () => {
    const { changed } = await cloud.reload(next);
    stage.say(`${redeployed} is replaced while orders come: ${changed.join(", ")}`);
  };
  const quiet = quietOf(orders);
  const at = (share: number) => quiet + Math.floor((orders - quiet) * share);
  const moments = new Map<number, () => Promise<unknown>>([
    [warmUpOf(orders), settle],
    [quiet, settle],
    [at(0.15), replace],
    [at(0.4), () => slow(slowFactor)],
    [at(0.7), () => slow(1)],
  ]);
  try {
    const publisher = createPublisher({
      ...{ bus, source: "/mill/shop", account, region },
      topics: wireTopics({ endpoint, region, domain: "amazonaws.com", credentials }),
    });
    let order = 0;
    let dueMs = systemClock.nowMs();
    const disturbing: Promise<unknown>[] = [];
    for await (const { cents } of readOrders(orders)) {
      if (signal.aborted) break;
      const moment = moments.get(order);
      if (moment === settle) {
        await settle();
        dueMs = systemClock.nowMs();
      } else if (moment) disturbing.push(moment());
      dueMs += 1_000 / rate;
      await sleep(systemClock, Math.max(0, dueMs - systemClock.nowMs()), signal);
      await publisher.publish(orderPlaced, { order, shop, cents });
      order++;
      published.orders = order;
    }
    await Promise.all(disturbing);
    await publisher.close();
    await settle();
    const readings = await askWitness<Omit<Evidence, "orders">>({
      script: new URL("./witness.ts", import.meta.url),
      ...{ endpoint, region, signal, words: [file, String(orders)] },
    });
    return judge({ ...readings, orders });
  } finally {
    endProgress();
    backlog.stop();
  }
}

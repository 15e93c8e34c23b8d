import type { LocalCloud } from "../../local/cloud/index.ts";
import { systemClock, uuidv7 } from "../../src/clock.ts";
import { sealEvent } from "../../src/contract/index.ts";
import { createPublisher, wireTopics } from "../../src/publish/index.ts";
import {
  askWitness,
  type Chaos,
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
import type { Stage } from "../ports.ts";
import { keepers } from "./archive.ts";
import { bus, type ConsumerName, consumers, perConsumer } from "./consumers.ts";
import { orderCreated } from "./contracts.ts";
import type { ControlTotals } from "./control.ts";
import { judge } from "./judge.ts";
import type { OrdersOptions } from "./options.ts";
import { readOrders } from "./orders.ts";
import { type Published, publishTraffic } from "./publish-traffic.ts";
import { makeResult, type OrdersResult } from "./result.ts";
import { checkout as source } from "./source.ts";
import { traffic } from "./traffic.ts";
import { waitUntilKept } from "./wait-until-kept.ts";
import { type Witnessed, witnessedSince } from "./witnessed.ts";

const script = new URL("./verify.ts", import.meta.url);

/**
 * Publishes the orders, waits until nothing is left, has a separate process read the results back and judges them.
 */
export async function play({
  cloud,
  tally,
  control,
  options,
  stage,
  startedAtMs,
}: {
  readonly cloud: LocalCloud;
  readonly tally: LogTally<ConsumerName>;
  readonly control: ControlTotals;
  readonly options: OrdersOptions;
  readonly stage: Stage;
  readonly startedAtMs: number;
}): Promise<OrdersResult> {
  const clock = systemClock;
  const { signal } = stage;
  const backlog = watchBacklog({ consumers, queues: () => cloud.queues() });
  const memory = watchMemory({ memoryMb: () => cloud.memoryMb() });
  const published: Published = { orders: 0, duplicates: 0, poison: 0 };
  const publisher = createPublisher({
    bus,
    source,
    account: cloud.account,
    region: cloud.region,
    topics: wireTopics(targetOf(cloud)),
  });
  const witness = () =>
    askWitness<Witnessed>({ script, endpoint: cloud.endpoint, region: cloud.region, signal });
  const chaos: Chaos[] = [];
  const killed = () => chaos.map((one) => one.kills());
  const stopChaos = () => {
    for (const one of chaos) one.stop();
  };
  let endProgress = () => {};
  try {
    // With a kept data directory, what earlier runs left is finished first and does not count.
    const before = options.data === undefined ? undefined : await settleAndRead();
    const beginMs = clock.nowMs();
    endProgress = showProgress(stage, {
      consumers,
      orders: control.orders,
      published,
      backlog,
      tally,
      kills: () => (options.chaos ? killed().reduce((sum, one) => sum + one, 0) : undefined),
    });
    if (options.chaos) {
      const ofHandlers = {
        killOne: () => cloud.functions.killOne(consumers.map(({ functionName }) => functionName)),
        done: () => consumers.reduce((sum, { name }) => sum + tally.of[name].handled, 0),
        // The last few are left alone: each kill would hold them back for a visibility timeout.
        goesOn: (kills: number) =>
          kills === 0 || published.orders < control.orders || backlog.deepest() >= quietLag(control.orders),
        chance: seededChance(options.seed + 1),
        meanWork: meanWorkBetweenKills(control.orders * consumers.length),
      };
      chaos.push(startChaos(ofHandlers));
      // Nobody waits for them: they may die until the last.
      const ofKeepers = {
        killOne: () => cloud.functions.killOne(keepers),
        goesOn: () => true,
        chance: seededChance(options.seed + 2),
      };
      chaos.push(startChaos({ ...ofHandlers, ...ofKeepers }));
    }
    await publishTraffic({
      parcels: traffic({
        orders: readOrders(control.orders),
        expected: control.orders,
        seal: (order) => sealEvent(orderCreated, order, { source, id: uuidv7(clock), timeMs: clock.nowMs() }),
        duplicates: options.duplicates,
        poison: options.poison,
        chance: seededChance(options.seed),
      }),
      send: (messages) => publisher.send(messages),
      backlog,
      counts: published,
      signal,
    });
    const emptyAtMs = await waitUntilSettled({ consumers, backlog, tally, stallMs, signal });
    stopChaos();
    endProgress();
    stage.say("all is handled; waiting until all of it is archived …");
    await waitUntilKept({ cloud, signal });
    const memoryMb = await memory.end();
    const after = await witness();
    const evidence = {
      control,
      published,
      ...(before ? witnessedSince(before, after) : after),
      suppressed: perConsumer(({ name }) => tally.of[name].duplicates),
      kills: options.chaos ? killed()[0] : undefined,
      keeperKills: options.chaos ? killed()[1] : undefined,
      full: options.orders === "all",
    };
    const firstHandledAtMs = tally.firstHandledAtMs();
    return makeResult({
      evidence,
      findings: judge(evidence),
      firstHandledMs: firstHandledAtMs === undefined ? undefined : firstHandledAtMs - startedAtMs,
      elapsedMs: emptyAtMs - beginMs,
      memoryMb,
    });
  } finally {
    stopChaos();
    endProgress();
    backlog.stop();
    await publisher.close();
  }

  async function settleAndRead() {
    await waitUntilSettled({ consumers, backlog, tally, stallMs, signal });
    await waitUntilKept({ cloud, signal });
    return witness();
  }
}

function targetOf({ endpoint, region }: LocalCloud) {
  return {
    endpoint,
    region,
    domain: "amazonaws.com",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
}

import { deliver, virtualClock } from "../../local/testing/index.ts";
import { type Clock, sleep } from "../../src/clock.ts";
import { consume } from "../../src/consume/index.ts";
import { inMemoryLedger } from "../../src/ledger/index.ts";
import { inMemoryLimits, type Limit } from "../../src/limits/index.ts";
import { createPublisher, type TopicPort } from "../../src/publish/index.ts";
import { startVirtualConsumer } from "../frame/virtual-consumer.ts";
import { whole } from "../frame/whole.ts";
import { createBookings } from "./bookings.ts";
import { orderPlaced, paceOf, virtualBackEnd } from "./contracts.ts";
import { countedSlots } from "./counted-slots.ts";
import { farStores } from "./far-stores.ts";
import { judge, type PeakResult } from "./judge.ts";
import { bus, consumer } from "./names.ts";
import { handlerMs, sizes } from "./options.ts";
import { planPeak } from "./plan-peak.ts";

const tickMs = 10;
const sayEveryMs = 10_000;
/** A run that takes longer is stuck. */
const longestMs = 24 * 3_600_000;

/**
 * Plays it in virtual time: the real publisher, pipeline, limiter and mapping, over models of topic, queue and tables. The
 * consumer is the one that the plan chooses.
 */
export async function playVirtually({
  events,
  perSecond = sizes.virtual.perSecond,
  limit = virtualBackEnd,
  onProgress = () => {},
}: {
  readonly events: number;
  /** How fast orders come. */
  readonly perSecond?: number;
  readonly limit?: Limit;
  readonly onProgress?: (text: string) => void;
}): Promise<PeakResult> {
  // Nothing here waits for anything but promises.
  const clock = virtualClock({ turns: 1 });
  const far = farStores(clock);
  const planned = planPeak({ events, perSecond, limit });
  const ledger = far.ledger(inMemoryLedger({ keepMs: planned.consumer.keepMs, clock }));
  const { store: limitStore, counts } = countedSlots(far.limits(inMemoryLimits({ clock })));
  const bookings = createBookings(limit.count);
  const { queue, deadLetters, mapping } = startVirtualConsumer({
    ...{ clock, bus, consumer },
    contract: orderPlaced,
    maximumConcurrency: planned.consumer.concurrency,
    settings: { limits: [limit.meaning] },
    start: (parts) =>
      consume(
        orderPlaced,
        async ({ data: { order } }) => {
          bookings.book(order, clock.nowMs(), { name: "all", slots: counts() });
          await sleep(clock, handlerMs);
        },
        { ...parts, ledger, limits: [limit], limitStore },
      ),
  });
  const topics: TopicPort = {
    publishBatch: async (_arn, messages) =>
      messages.map((message) => {
        deliver(queue, message);
        return { ok: true, messageId: "" };
      }),
  };
  const publisher = createPublisher({
    ...{ bus, source: "/peak/shop", account: "000000000000", region: "us-east-1", topics, clock },
    lingerMs: 0,
    metrics: false,
  });

  const beganMs = clock.nowMs();
  bookings.begin(beganMs);
  let publishSeconds = 0;
  const play = async () => {
    const { published } = await publisher.publishAll(orderPlaced, ordersOf(events, perSecond, clock));
    publishSeconds = (clock.nowMs() - beganMs) / 1_000;
    for (let said = 0; ; said += 1_000) {
      const { visible, inFlight, delayed } = queue.counts();
      const left = visible + inFlight + delayed;
      if (left === 0) return published;
      if (said % sayEveryMs === 0) onProgress(`${whole(left)} of ${whole(events)} orders wait`);
      await sleep(clock, 1_000);
    }
  };
  const published = await clock.until(play(), longestMs);
  await clock.until(mapping.stop());
  return judge({
    published,
    publishSeconds,
    limit: limit.count,
    paceMs: paceOf(limit),
    bookings: bookings.report(),
    dead: deadLetters.messages().length,
    plannedDrainSeconds: planned.drainSeconds,
  });
}

async function* ordersOf(events: number, perSecond: number, clock: Clock) {
  const inTick = (perSecond * tickMs) / 1_000;
  for (let order = 0; order < events; order++) {
    if (order > 0 && order % inTick === 0) await sleep(clock, tickMs);
    yield { order, backEnd: "virtual" };
  }
}

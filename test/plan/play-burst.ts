import type { SQSEvent } from "aws-lambda";
import { inMemoryQueue, startMapping } from "../../local/mapping/index.ts";
import { type VirtualClock, virtualClock } from "../../local/testing/virtual-clock.ts";
import { type Clock, sleep } from "../../src/clock.ts";
import {
  createLimiter,
  inMemoryLimits,
  type Limit,
  type Limiter,
  type LimitStore,
} from "../../src/limits/index.ts";
import { assumed, type Load, type PlannedConsumer } from "../../src/plan/index.ts";

/**
 * Plays a burst in virtual time: the real mapping over a queue in memory, a function that takes its calls and its
 * handlers' time and keeps its limits by the real limiter. Answers when the last event was handled, from the first one on.
 */
export async function playBurst(
  { burst, handlerMs }: Load,
  consumer: PlannedConsumer,
  limits: readonly Limit[],
): Promise<number> {
  if (!burst) throw new Error("a burst is to be played");
  const clock = virtualClock();
  const queue = inMemoryQueue({ clock, visibilityTimeoutMs: consumer.visibilityMs });
  const store = distant(inMemoryLimits({ clock }), clock);
  /** Processes that run nothing: each has a limiter of its own. */
  const idle: Limiter[] = [];
  const startMs = clock.nowMs();
  const total = Math.round((burst.perSecond * burst.forMs) / 1_000);
  let handled = 0;
  let lastMs = startMs;
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const call = () => sleep(clock, assumed.callMs);
  const handle = async (start: () => Promise<boolean>): Promise<boolean> => {
    if (!(await start())) return false;
    await sleep(clock, handlerMs);
    handled += 1;
    lastMs = clock.nowMs();
    if (handled === total) finish();
    return true;
  };
  const invoke = async (payload: string) => {
    const { Records } = JSON.parse(payload) as SQSEvent;
    await sleep(clock, assumed.turnMs);
    await call();
    const events = Records.map(({ messageId }) => ({ id: messageId, source: "/t", type: "t.h", data: {} }));
    const limiter = idle.pop() ?? createLimiter({ limits, store, clock });
    const reservation = limits.length > 0 ? await limiter.reserve(events) : undefined;
    const done = await Promise.all(
      Records.map((_, index) => {
        const place = reservation?.places[index];
        return handle(
          async () =>
            reservation === undefined || (place?.status === "slot" && (await place.slot.wait()) === "start"),
        );
      }),
    );
    await reservation?.close();
    idle.push(limiter);
    for (const [index, { receiptHandle }] of Records.entries()) {
      const place = reservation?.places[index];
      if (place?.status === "later") queue.changeVisibility(receiptHandle, place.atMs - clock.nowMs());
    }
    await call();
    return Records.filter((_, index) => !done[index]).map(({ messageId }) => ({ itemIdentifier: messageId }));
  };
  const mapping = startMapping(
    {
      uuid: "mapping-1",
      queueArn: "arn:aws:sqs:us-east-1:123456789012:work",
      functionName: "work",
      batchSize: consumer.batchSize,
      windowMs: consumer.batchWindowMs,
      maximumConcurrency: consumer.concurrency,
      reportBatchItemFailures: true,
      fifo: false,
      enabled: true,
    },
    {
      queue,
      clock,
      functions: {
        invoke: async (_name, payload) => ({
          status: "ok",
          payload: JSON.stringify({ batchItemFailures: await invoke(payload) }),
        }),
      },
    },
  );
  await clock.until(Promise.all([publish(queue, total, burst.forMs, clock), finished]));
  await clock.until(mapping.stop());
  return lastMs - startMs;
}

/** Sends evenly, a hundred times in all. */
async function publish(
  queue: ReturnType<typeof inMemoryQueue>,
  total: number,
  forMs: number,
  clock: VirtualClock,
): Promise<void> {
  let sent = 0;
  for (let tick = 1; tick <= 100; tick++) {
    for (; sent < (total * tick) / 100; sent++) queue.send({ body: "" });
    await sleep(clock, forMs / 100);
  }
}

/** A store whose answers take the time of a call. */
function distant(store: LimitStore, clock: Clock): LimitStore {
  return {
    async reserve(request) {
      await sleep(clock, assumed.callMs / 2);
      const answer = await store.reserve(request);
      await sleep(clock, assumed.callMs / 2);
      return answer;
    },
    giveBack: (grant, unused) => store.giveBack(grant, unused),
  };
}

import { type Clock, sleep, systemClock } from "../../src/clock.ts";
import { describeError } from "../../src/errors.ts";
import { functionName, queueName } from "../../src/names.ts";
import type { ConsumerRef } from "../find-consumers.ts";
import { judgeLag, type LagVerdict } from "./judge-lag.ts";
import type { LagLook, LagReads, QueueFlow } from "./ports.ts";

/** How one consumer stands; or why that could not be seen. */
export type ConsumerLag = ConsumerRef & ({ readonly lag: LagVerdict } | { readonly problem: string });

/** Cloud counts come by the minute: asking more often brings nothing new. */
const flowEveryMs = 20_000;
const unknownFlow: QueueFlow = { inPerSecond: undefined, outPerSecond: undefined, oldestSeconds: undefined };

/**
 * Looks at consumers' queues every `everyMs`, and answers from the second look on how each stands since the one before.
 * Ends with an abort. Receives nothing.
 */
export async function* measureLag({
  reads,
  consumers,
  everyMs,
  signal,
  clock = systemClock,
}: {
  readonly reads: LagReads;
  readonly consumers: readonly ConsumerRef[];
  readonly everyMs: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}): AsyncGenerator<readonly ConsumerLag[], void> {
  let flows: ReadonlyMap<string, QueueFlow> = new Map();
  let flowsAtMs = Number.NEGATIVE_INFINITY;
  const look = async () => {
    if (clock.nowMs() - flowsAtMs >= flowEveryMs) {
      flowsAtMs = clock.nowMs();
      flows = await reads.flows(consumers.map(queueOf));
    }
    return Promise.all(consumers.map((consumer) => lookAt(reads, consumer, flows, clock)));
  };
  let before = await look();
  for (;;) {
    await sleep(clock, everyMs, signal);
    if (signal?.aborted) return;
    const now = await look();
    yield consumers.map((consumer, index): ConsumerLag => {
      const [earlier, later] = [before[index], now[index]];
      if (later === undefined || "problem" in later) return { ...consumer, problem: later?.problem ?? "" };
      const first = earlier === undefined || "problem" in earlier ? later : earlier;
      return { ...consumer, lag: judgeLag(first, later) };
    });
    before = now;
  }
}

async function lookAt(
  reads: LagReads,
  consumer: ConsumerRef,
  flows: ReadonlyMap<string, QueueFlow>,
  clock: Clock,
): Promise<LagLook | { readonly problem: string }> {
  try {
    const [depth, reader] = await Promise.all([
      reads.depth(queueOf(consumer)),
      reads.reader(functionName(consumer.bus, consumer.consumer)),
    ]);
    return { atMs: clock.nowMs(), depth, reader, flow: flows.get(queueOf(consumer)) ?? unknownFlow };
  } catch (thrown) {
    return { problem: `${queueOf(consumer)}: ${describeError(thrown).message}` };
  }
}

function queueOf({ bus, consumer, fifo }: ConsumerRef): string {
  return queueName(bus, consumer, fifo);
}

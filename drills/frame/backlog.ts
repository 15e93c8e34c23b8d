import { type Clock, sleep, systemClock } from "../../src/clock.ts";
import { type DrillConsumer, perConsumer } from "./drill-consumer.ts";

/** What one work queue holds. */
export interface Depth {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** What the work queues hold, looked at again and again by one loop for all who want to know. */
export interface Backlog<Name extends string = string> {
  /** The last look. */
  latest(): Readonly<Record<Name, Depth>>;
  /** All that one consumer has before it. */
  lag(consumer: Name): number;
  /** The deepest consumer's lag. */
  deepest(): number;
  /** Resolves after the next look; rejects when looking failed. */
  next(): Promise<void>;
  /** Ends the loop. */
  stop(): void;
}

const nothing: Depth = { visible: 0, inFlight: 0, delayed: 0 };

/**
 * Messages that may wait in the deepest queue before a publisher pauses: enough to keep every consumer busy, and
 * far below where a queue in memory grows slow. The burst between two looks comes on top.
 */
export const backlogCeiling = 4_000;

/** Looks every `everyMs` at the queues. @default 250: often enough to pause a publisher, too seldom to cost anything */
export function watchBacklog<Name extends string>({
  consumers,
  queues,
  clock = systemClock,
  everyMs = 250,
}: {
  readonly consumers: readonly DrillConsumer<Name>[];
  readonly queues: () => Promise<readonly (Depth & { readonly name: string })[]>;
  readonly clock?: Clock;
  readonly everyMs?: number;
}): Backlog<Name> {
  let latest = perConsumer(consumers, () => nothing);
  let looked = Promise.withResolvers<void>();
  const stopped = new AbortController();

  const look = async () => {
    const found = new Map((await queues()).map((queue) => [queue.name, queue]));
    latest = perConsumer(consumers, (consumer) => found.get(consumer.queueName) ?? nothing);
  };
  const loop = async () => {
    while (!stopped.signal.aborted) {
      const { resolve, reject } = looked;
      // Nobody may be waiting for this look: its failure is then the next one's to tell.
      looked.promise.catch(() => undefined);
      looked = Promise.withResolvers<void>();
      await look().then(resolve, reject);
      await sleep(clock, everyMs, stopped.signal);
    }
    looked.resolve();
  };
  void loop();

  const lag = (consumer: Name) => {
    const { visible, inFlight, delayed } = latest[consumer];
    return visible + inFlight + delayed;
  };
  return {
    latest: () => latest,
    lag,
    deepest: () => Math.max(...consumers.map(({ name }) => lag(name))),
    next: () => looked.promise,
    stop: () => stopped.abort(),
  };
}

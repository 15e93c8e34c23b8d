import { type Clock, sleep, systemClock } from "../clock.ts";
import { describeError, ownDependencies } from "../errors.ts";
import { logLine, type Sink, standardOutput } from "../telemetry/index.ts";
import { failureWindow } from "./failure-window.ts";
import { breakerOf, type ConsumerHolds, type Hold } from "./hold.ts";
import type { HoldStore } from "./ports.ts";

/** How long an answer about holds is good for, and how long a process stands by its own judgement. */
export const lookMs = 5_000;

/** A batch waits so long for the answer: holds save work, and must not cost it. */
const patienceMs = 1_000;

/** What one process of a consumer knows of its holds, and what it has seen of its dependencies. */
export interface Breaker {
  /**
   * What holds this consumer, as far as is known: asked for when the last answer is older than `lookMs`, so at most once
   * in that time however many batches there are. Never rejects: what cannot be read holds nothing.
   */
  look(): Promise<Hold | undefined>;
  /** The same without asking: a breaker of this process may have opened since. */
  held(): Hold | undefined;
  /** A handler has ended, and no dependency was down. */
  ended(): void;
  /** An event could not be handled because a dependency is down. */
  failed(dependency: string, why: string): void;
  /** A probe went through: what is known of holds is out of date. */
  forget(): void;
  /** Writes down what has opened here: one conditional write for each. Never rejects. */
  settle(): Promise<void>;
}

/** What a breaker is made of. */
export interface BreakerOptions {
  readonly consumer: string;
  readonly store: HoldStore;
  /** When a dependency is taken for down. */
  readonly failures: number;
  readonly windowMs: number;
  /** How its end is found out. */
  readonly probeMs: number;
  readonly ownProbe: boolean;
  readonly clock?: Clock;
  readonly sink?: Sink;
}

/**
 * Makes the `Breaker` of one process. Past the threshold nothing runs here any more, at once; the hold is written by
 * `settle`, and from then on the store's word counts. A hold that cannot be written (the store is down as well) stands
 * in this process for `lookMs`. Then a batch finds out whether it is still so, and notes it as soon as that can be done.
 */
export function createBreaker(options: BreakerOptions): Breaker {
  const { consumer, store, failures, windowMs, probeMs, ownProbe } = options;
  const { clock = systemClock, sink = standardOutput } = options;
  const window = failureWindow({ failures, windowMs });
  const unwritten = new Map<string, Hold>();
  let known: Hold | undefined;
  let goodUntilMs = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  let complained = false;

  const know = (hold: Hold | undefined) => {
    known = hold;
    goodUntilMs = clock.nowMs() + lookMs;
  };
  const held = () => (clock.nowMs() < goodUntilMs ? known : undefined);
  const complain = (message: string, thrown: unknown) => {
    const { name: error, message: why } = describeError(thrown);
    logLine("warn", { message, consumer, error, why }, { timeMs: clock.nowMs(), sink });
  };

  const ask = async () => {
    const before = known;
    try {
      const [found] = await store.read([consumer]);
      complained = false;
      // What has opened here meanwhile is newer.
      if (known === before) know(found?.holds.find((hold) => isTended(hold, found, clock.nowMs())));
    } catch (thrown) {
      if (known === before) know(undefined);
      if (!complained) complain("holds cannot be read: events run as if there were none", thrown);
      complained = true;
    }
    looking = undefined;
  };

  return {
    async look() {
      if (clock.nowMs() < goodUntilMs) return known;
      looking ??= ask();
      const patience = new AbortController();
      await Promise.race([looking, sleep(clock, patienceMs, patience.signal)]);
      patience.abort();
      if (clock.nowMs() >= goodUntilMs) know(undefined);
      return known;
    },
    held,
    ended() {
      window.ended(clock.nowMs());
    },
    failed(dependency, why) {
      const name = breakerOf(dependency);
      if (!window.ended(clock.nowMs(), dependency) || held()?.name === name) return;
      window.clear();
      const own = ownProbe && !ownDependencies.includes(dependency);
      const hold = { name, sinceMs: clock.nowMs(), why, by: consumer, probe: { everyMs: probeMs, own } };
      unwritten.set(dependency, hold);
      know(hold);
    },
    forget() {
      goodUntilMs = Number.NEGATIVE_INFINITY;
    },
    async settle() {
      for (const [dependency, hold] of unwritten) {
        try {
          const result = await store.open(consumer, hold, "consumer");
          unwritten.delete(dependency);
          if (result === "already") continue;
          const about = { message: "a dependency is down: the consumer is held", hold: hold.name };
          logLine("error", { ...about, consumer, why: hold.why }, { timeMs: clock.nowMs(), sink });
        } catch (thrown) {
          // Whether it is still so will be seen.
          if (clock.nowMs() >= hold.sinceMs + lookMs) unwritten.delete(dependency);
          complain(`${hold.name} cannot be written: this process holds back by itself`, thrown);
        }
      }
    },
  };
}

/** A breaker that no governor has looked at for so long (and three probes' time) is nobody's. */
const untendedMs = 5 * 60_000;

/** A breaker ends by probes: where nobody makes any, it must not hold its consumer for good. */
function isTended({ sinceMs, probe: how }: Hold, { probe }: ConsumerHolds, nowMs: number): boolean {
  if (!how) return true;
  return nowMs - Math.max(sinceMs, probe?.atMs ?? 0) <= Math.max(untendedMs, 3 * how.everyMs);
}

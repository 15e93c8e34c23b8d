import { type InMemoryQueue, inMemoryQueue } from "../../local/mapping/index.ts";
import { inboxOver } from "../../local/testing/test-inbox.ts";
import { queuesOver } from "../../local/testing/test-queues.ts";
import { type VirtualClock, virtualClock } from "../../local/testing/virtual-clock.ts";
import { type InMemoryHolds, inMemoryHolds } from "../../src/breaker/index.ts";
import { sleep } from "../../src/clock.ts";
import {
  type ConsumeOptions,
  consume,
  type DrainReport,
  type Handler,
  type SqsEvent,
} from "../../src/consume/index.ts";
import type { Contract } from "../../src/contract/index.ts";
import { type ConsumerSettings, drainInput } from "../../src/env.ts";
import { inMemoryLeases } from "../../src/leases/index.ts";
import { type InMemoryLedger, inMemoryLedger } from "../../src/ledger/index.ts";
import { inMemoryLimits, type Limit, type LimitStore } from "../../src/limits/index.ts";
import { inMemoryTopics } from "../../src/publish/index.ts";
import { order, orderCreated, settingsFor } from "./consumer-world.ts";
import { type Fate, type Mortality, mortality } from "./mortal.ts";

const minuteMs = 60_000;

/** A consumer that a schedule drains, in virtual time; every process of it may die at any call. */
export interface DrainedWorld {
  readonly clock: VirtualClock;
  readonly queue: InMemoryQueue;
  readonly deadLetters: InMemoryQueue;
  readonly ledger: InMemoryLedger;
  readonly holds: InMemoryHolds;
  readonly mortality: Mortality;
  /** When each handler started, and for which event. */
  readonly starts: readonly { readonly atMs: number; readonly id: string }[];
  /** What the runs answered, in order; `undefined`: it died, or threw. */
  readonly reports: readonly (DrainReport | undefined)[];
  /** What runs have thrown. */
  readonly errors: readonly unknown[];
  /** Lines of the logs. */
  readonly lines: readonly Record<string, unknown>[];
  /** Calls to queue, limits, leases and holds. */
  calls(): Readonly<Record<"inbox" | "limits" | "leases" | "holds", number>>;
  publish(count: number, options?: { group?: (index: number) => string }): void;
  /** One run, in a process of its own unless told, which ends after its timeout. */
  invoke(options?: { timeoutMs?: number }): Promise<DrainReport | undefined>;
  /** Runs every minute, `atOnce` at a time, until nothing is left or time is over. */
  schedule(options?: { atOnce?: number; forMs?: number; jitterMs?: number }): Promise<void>;
}

export function drainedWorld({
  limits,
  handler = () => {},
  fate = () => "lives",
  deadly = new Set(),
  seed = 1,
  timeoutMs = 300_000,
  fifo = false,
  settings = {},
  options = {},
  maxReceiveCount = 100,
}: {
  limits: readonly Limit[];
  handler?: Handler<typeof orderCreated>;
  fate?: Fate;
  /** Events that kill the process that handles them. */
  deadly?: ReadonlySet<string>;
  seed?: number;
  timeoutMs?: number;
  fifo?: boolean;
  settings?: Partial<ConsumerSettings>;
  options?: Partial<ConsumeOptions>;
  maxReceiveCount?: number;
}): DrainedWorld {
  const clock = virtualClock({ seed, turns: 1 });
  const deaths = mortality(fate);
  const visibilityTimeoutMs = 6 * timeoutMs;
  const deadLetters = inMemoryQueue({ clock, visibilityTimeoutMs, fifo });
  const queue = inMemoryQueue({ clock, visibilityTimeoutMs, fifo, maxReceiveCount, deadLetters });
  const queueArn = `arn:aws:sqs:us-east-1:000000000000:shop-LockStock${fifo ? ".fifo" : ""}`;
  const ledger = inMemoryLedger({ keepMs: 40 * 86_400_000, clock });
  const holds = inMemoryHolds();
  const leases = inMemoryLeases({ clock });
  const store = distant(inMemoryLimits({ clock }), clock);
  const counts = { inbox: 0, limits: 0, leases: 0, holds: 0 };
  const starts: { atMs: number; id: string }[] = [];
  const reports: (DrainReport | undefined)[] = [];
  const errors: unknown[] = [];
  const lines: Record<string, unknown>[] = [];
  let made = 0;
  let invocations = 0;

  const counted = <Port extends object>(port: Port, name: keyof typeof counts): Port =>
    new Proxy(port, {
      get(target, member) {
        const value = Reflect.get(target, member);
        if (typeof value !== "function") return value;
        return (...given: unknown[]) => {
          counts[name]++;
          return value.apply(target, given);
        };
      },
    });

  const invoke = async ({ timeoutMs: ownMs = timeoutMs } = {}): Promise<DrainReport | undefined> => {
    const mortal = deaths.process();
    const endsMs = clock.nowMs() + ownMs;
    const lambda = consume(
      orderCreated as Contract,
      (event, context) =>
        mortal.step(() => {
          starts.push({ atMs: clock.nowMs(), id: event.id });
          if (deadly.has(event.id)) return mortal.die();
          return handler(event as never, context);
        }),
      {
        limits,
        limitStore: mortal.wrap(counted(store, "limits")),
        settings: settingsFor({
          fifo,
          limits: limits.map(({ meaning }) => meaning),
          drain: { everyMs: minuteMs, batchSize: 10 },
          marginMs: Math.min(5_000, Math.max(500, timeoutMs / 10)),
          breaker: { failures: 3, windowMs: 600_000, probeMs: minuteMs },
          attempts: 20,
          ...settings,
        }),
        inbox: mortal.wrap(counted(inboxOver(queue, queueArn), "inbox")),
        leases: mortal.wrap(counted(leases, "leases")),
        holds: mortal.wrap(counted(holds, "holds")),
        ledger: mortal.wrap(ledger),
        queues: mortal.wrap(queuesOver(queue, deadLetters)),
        topics: inMemoryTopics(),
        clock,
        sink: (text) => lines.push(...text.split("\n").map((line) => JSON.parse(line))),
        endProcess: () => {},
        ...options,
      },
    );
    // Lambda ends what runs longer.
    const ended = new AbortController();
    const timeout = sleep(clock, ownMs, ended.signal).then(() => undefined);
    const work = lambda(drainInput as unknown as SqsEvent, {
      awsRequestId: `request-${invocations++}`,
      getRemainingTimeInMillis: () => endsMs - clock.nowMs(),
    }).catch((thrown: unknown) => {
      errors.push(thrown);
      return undefined;
    });
    const answer = await mortal.run(Promise.race([work, timeout]));
    ended.abort();
    reports.push(answer?.drain);
    return answer?.drain;
  };
  const isEmpty = () => Object.values(queue.counts()).every((count) => count === 0);

  return {
    ...{ clock, queue, deadLetters, ledger, holds, starts, reports, errors, lines },
    mortality: deaths,
    calls: () => ({ ...counts }),
    publish(count, { group } = {}) {
      for (let index = 0; index < count; index++) {
        const id = `o-${made++}`;
        const groupId = group?.(index);
        queue.send({
          body: order({ id, ...(groupId === undefined ? {} : { partitionkey: groupId }) }).body,
          ...(groupId === undefined ? {} : { groupId, deduplicationId: id }),
        });
      }
    },
    invoke: (given) => clock.until(invoke(given)),
    async schedule({ atOnce = 1, forMs = 12 * 3_600_000, jitterMs = 0 } = {}) {
      const running = new Set<Promise<unknown>>();
      const endMs = clock.nowMs() + forMs;
      const work = async () => {
        while (clock.nowMs() < endMs && !isEmpty()) {
          for (let run = 0; run < atOnce; run++) {
            const late = sleep(clock, clock.random() * jitterMs).then(() => invoke());
            const running1 = late.finally(() => running.delete(running1));
            running.add(running1);
          }
          await sleep(clock, minuteMs);
        }
        await Promise.all(running);
      };
      await clock.until(work(), forMs + 2 * timeoutMs);
    },
  };
}

/** Both ways to the limits take their time. */
function distant(store: LimitStore, clock: VirtualClock): LimitStore {
  const way = () => sleep(clock, 1 + clock.random() * 8);
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    await way();
    const answer = await work();
    await way();
    return answer;
  };
  return {
    reserve: (request) => call(() => store.reserve(request)),
    giveBack: (grant, unused) => call(() => store.giveBack(grant, unused)),
  };
}

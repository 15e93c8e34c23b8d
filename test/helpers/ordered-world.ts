import { type InMemoryQueue, inMemoryQueue, startMapping } from "../../local/mapping/index.ts";
import { queuesOver } from "../../local/testing/test-queues.ts";
import { type VirtualClock, virtualClock } from "../../local/testing/virtual-clock.ts";
import { consume, type SqsEvent } from "../../src/consume/index.ts";
import type { ConsumerMode } from "../../src/env.ts";
import { PermanentError } from "../../src/errors.ts";
import { inMemoryLedger } from "../../src/ledger/index.ts";
import { beginRelease, inMemoryParked, type ParkedGroup, releaseMessage } from "../../src/parking/index.ts";
import { inMemoryTopics } from "../../src/publish/index.ts";
import { order, orderCreated, settingsFor } from "./consumer-world.ts";
import { type Fate, type Mortality, mortality } from "./mortal.ts";

const consumer = "LockStock";
const visibilityTimeoutMs = 60_000;

/** A consumer that parks, behind a queue and a mapping in virtual time; every process of it may die at any call. */
export interface OrderedWorld {
  readonly clock: VirtualClock;
  readonly queue: InMemoryQueue;
  readonly deadLetters: InMemoryQueue;
  readonly mortality: Mortality;
  /** What handlers have done, as `a3`: group a, number 3. In the order in which they did. */
  readonly effects: readonly string[];
  /** Events that are refused for good, from now on until they are taken out. */
  readonly poison: Set<string>;
  /** Events that fail so many times more. */
  readonly failing: Map<string, number>;
  /** Into the group of its first letter, unless told. */
  publish(id: string, group?: string): void;
  /** How many of the tries to release were killed. */
  personDeaths(): number;
  parked(): Promise<readonly ParkedGroup[]>;
  /** One try of a person to release a group; it may die like any process. */
  release(group: string, withPoison: boolean): Promise<void>;
  /** Lets time pass until no message is left in the queue, waiting or in flight. */
  settle(): Promise<void>;
}

export function orderedWorld({
  fate = () => "lives",
  mode = "once",
  seed = 1,
}: {
  fate?: Fate;
  mode?: ConsumerMode;
  seed?: number;
} = {}): OrderedWorld {
  const clock = virtualClock({ seed });
  const deaths = mortality(fate);
  const deadLetters = inMemoryQueue({ clock, visibilityTimeoutMs, fifo: true });
  const queue = inMemoryQueue({ clock, visibilityTimeoutMs, fifo: true, maxReceiveCount: 100, deadLetters });
  const ledger = inMemoryLedger({ keepMs: 40 * 86_400_000, clock });
  const store = inMemoryParked();
  const effects: string[] = [];
  const poison = new Set<string>();
  const failing = new Map<string, number>();
  const settings = settingsFor({ fifo: true, onPoison: "park", mode, attempts: 30 });

  const handle = (id: string) => {
    const left = failing.get(id) ?? 0;
    if (left > 0) {
      failing.set(id, left - 1);
      throw new Error(`not yet ${id}`);
    }
    if (poison.has(id)) throw new PermanentError(`never ${id}`);
    effects.push(id);
  };

  const invoke = async (_name: string, payload: string) => {
    const mortal = deaths.process();
    const endsMs = clock.nowMs() + 10_000;
    const lambda = consume(orderCreated, ({ id }) => mortal.step(() => handle(id)), {
      settings,
      ledger: mortal.wrap(ledger, { mayThrow: true }),
      queues: mortal.wrap(queuesOver(queue, deadLetters)),
      topics: inMemoryTopics(),
      parkedStore: mortal.wrap(store, { mayThrow: true }),
      clock,
      sink: () => {},
      endProcess: () => {},
    });
    const answer = await mortal.run(
      lambda(JSON.parse(payload) as SqsEvent, {
        awsRequestId: `request-${deaths.calls}`,
        getRemainingTimeInMillis: () => endsMs - clock.nowMs(),
      }),
    );
    return answer
      ? ({ status: "ok", payload: JSON.stringify(answer) } as const)
      : ({ status: "error", kind: "exit", payload: "{}" } as const);
  };
  startMapping(
    {
      uuid: consumer,
      queueArn: "arn:aws:sqs:us-east-1:000000000000:shop-LockStock.fifo",
      functionName: consumer,
      batchSize: 10,
      windowMs: 0,
      reportBatchItemFailures: true,
      fifo: true,
      enabled: true,
    },
    { queue, functions: { invoke }, clock },
  );

  const parked = async () => (await store.list(consumer)).groups;
  let releases = 0;
  let personDeaths = 0;
  return {
    clock,
    queue,
    deadLetters,
    mortality: deaths,
    effects,
    poison,
    failing,
    parked,
    publish: (id, group = id[0] ?? "") => {
      queue.send({ body: order({ id }).body, groupId: group, deduplicationId: id });
    },
    personDeaths: () => personDeaths,
    async release(group, withPoison) {
      const person = deaths.process();
      const [own, sends] = [person.wrap(store), person.wrap(queuesOver(queue, deadLetters))];
      const unique = `-${++releases}`;
      const work = async () => {
        const before = (await own.read(consumer, [group])).get(group);
        if (!before) return;
        const change = beginRelease(before, { id: `r${unique}`, nowMs: clock.nowMs(), withPoison });
        if (change && !(await own.change(change))) return;
        const { release, first } = change?.to ?? before;
        const message = releaseMessage(group, { id: release?.id ?? "", place: first }, unique);
        await sends.send("", [{ ...message, attributes: {} }]);
        return "sent";
      };
      const end = await clock.until(person.run(work().then((sent) => sent ?? "nothing to do")));
      if (end === undefined) personDeaths++;
    },
    async settle() {
      for (let looks = 0; looks < 5_000; looks++) {
        const { visible, inFlight, delayed } = queue.counts();
        if (visible + inFlight + delayed === 0) return;
        await clock.advance(Math.max(1, Math.min(10_000, (clock.nextMs ?? clock.nowMs()) - clock.nowMs())));
      }
      throw new Error(`the queue is never empty: ${JSON.stringify(queue.counts())}`);
    },
  };
}

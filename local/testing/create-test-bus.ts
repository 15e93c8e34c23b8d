import type { Contract } from "../../src/contract/index.ts";
import { delayKeyOf } from "../../src/delay/index.ts";
import { OmnibusError } from "../../src/errors.ts";
import { inMemoryLimits } from "../../src/limits/index.ts";
import { createPublisher, type TopicPort } from "../../src/publish/index.ts";
import { inMemoryObjects } from "../../src/segments/index.ts";
import { inMemoryTables } from "../../src/transaction/index.ts";
import { createHistory } from "./history.ts";
import { createPatience } from "./patience.ts";
import type { TestBus, TestBusOptions } from "./test-bus.ts";
import { type RunningTestConsumer, startTestConsumer } from "./test-consumer.ts";
import { readDeadLetter } from "./test-dead-letter.ts";
import { startTestDelays } from "./test-delays.ts";
import { readOutcomes, type TestOutcome } from "./test-outcomes.ts";
import { beginTestRelease, parkedGroups } from "./test-parked.ts";
import { deliver } from "./test-queues.ts";
import { testPlace } from "./test-settings.ts";
import { testTable } from "./test-table.ts";
import { virtualClock } from "./virtual-clock.ts";

const dayMs = 86_400_000;

/**
 * Makes a bus for tests, with any runner: no globals, no ports, nothing to stop. Handlers are the very functions that are
 * deployed; an hour of retries takes milliseconds.
 *
 * Each consumer gets every event of its contracts: a `where` of its construct is not applied.
 *
 * @example
 * const bus = createTestBus({ consumers: { LockStock: handler } });
 * const { id } = await bus.publish(orderCreated, { orderId: "o-1", cents: 1250 });
 * await bus.waitForHandled(id);
 */
export function createTestBus(options: TestBusOptions = {}): TestBus {
  const { name = "test", clock = virtualClock(), patienceMs = 4_000 } = options;
  const claimStore = options.claims ? inMemoryObjects() : undefined;
  const history = createHistory(clock.nowMs, claimStore);
  const { published, outcomes, eventsOf } = history;
  const running = new Map<string, RunningTestConsumer>();
  const topics: TopicPort = {
    publishBatch: async (_topicArn, messages) =>
      messages.map((message) => {
        history.publish(message);
        for (const { queue, wants } of running.values()) if (wants(message)) deliver(queue, message);
        return { ok: true, messageId: `message-${published.length}` };
      }),
  };
  const delays = startTestDelays({ bus: name, clock, topics });
  const isIdle = () =>
    delays.waiting === 0 &&
    [...running.values()].every(({ queue }) => Object.values(queue.counts()).every((count) => count === 0));
  const limitStore = inMemoryLimits({ clock });
  const tables = inMemoryTables(options.tables ?? {});
  const patience = createPatience({ clock, isIdle, realMs: patienceMs });
  for (const [consumerName, given] of Object.entries(options.consumers ?? {})) {
    const consumer = typeof given === "function" ? { handler: given } : given;
    const started = startTestConsumer({
      ...{
        name: consumerName,
        bus: name,
        consumer,
        clock,
        topics,
        delays,
        limitStore,
        claimStore,
        tables,
        patience,
      },
      onLines: (text) => outcomes.push(...readOutcomes(text)),
      onCrash: (message) => history.crash(consumerName, message),
    });
    running.set(consumerName, started);
  }

  const consumerNamed = (wanted: string): RunningTestConsumer => {
    const found = running.get(wanted);
    if (found) return found;
    const known = [...running.keys()].join(", ") || "none";
    throw new OmnibusError("test-consumer", `there is no consumer ${wanted} on this bus: it has ${known}`);
  };
  /** Those whose end is waited for. */
  const concerned = (id: string, wanted: string | undefined): readonly RunningTestConsumer[] => {
    if (wanted !== undefined) return [consumerNamed(wanted)];
    const messages = published.filter(({ event }) => event.id === id).map(({ message }) => message);
    return [...running.values()].filter(({ wants }) => messages.some(wants));
  };
  /** The first outcome of each that matches, when each has one. */
  const outcomeOfEach = (
    consumers: readonly RunningTestConsumer[],
    matches: (outcome: TestOutcome, index: number) => boolean,
  ): readonly TestOutcome[] | undefined => {
    const found = consumers.flatMap(
      (one) =>
        outcomes.find((outcome, index) => outcome.consumer === one.name && matches(outcome, index)) ?? [],
    );
    return consumers.length > 0 && found.length === consumers.length ? found : undefined;
  };
  const failure = (code: string, what: string, id?: string) =>
    new OmnibusError(code, `${what}. ${history.story(id)}`);

  const bus: TestBus = {
    clock,
    topics,
    outcomes,
    get events() {
      return published.map(({ event }) => event);
    },
    eventsOf,
    cancel: (id, { source = "/test" } = {}) =>
      delays.states.decide(delayKeyOf({ source, id }), "cancelled", Number.POSITIVE_INFINITY),
    async publish(contract, data, { source = "/test", ...stamp } = {}) {
      const place = { ...testPlace, bus: name, source };
      const claims = claimStore && { store: claimStore };
      const publisher = createPublisher({
        ...{ ...place, topics, clock, delays, lingerMs: 0, metrics: false },
        ...(claims ? { claims } : {}),
      });
      const publishing = publisher.publish(contract, data, stamp);
      let settled: true | undefined;
      const settle = () => {
        settled = true;
      };
      publishing.then(settle, settle);
      await patience.until(
        () => settled,
        dayMs,
        (why) => failure("not-published", `${contract.type} was not published: ${why}`),
      );
      return publishing;
    },
    send(consumer, body) {
      const { queue } = consumerNamed(consumer);
      const alone = `sent-${clock.nowMs()}-${queue.messages().length}`;
      queue.send({ body, groupId: alone, deduplicationId: alone });
    },
    waitForHandled: (id, { consumer, withinMs = dayMs } = {}) =>
      patience.until(
        () => {
          const wanted = concerned(id, consumer);
          const dead = wanted.find(({ name: one }) => {
            const last = outcomes.findLast((outcome) => outcome.consumer === one && outcome.id === id);
            return last?.outcome === "dead";
          });
          if (dead) throw failure("event-dead", `${id} became a dead letter of ${dead.name}`, id);
          return outcomeOfEach(wanted, (outcome) => outcome.id === id && outcome.outcome === "handled");
        },
        withinMs,
        (why) => {
          const names = concerned(id, consumer).map((one) => one.name);
          const by = names.length > 0 ? names.join(", ") : "anybody, since no consumer was given it";
          return failure("not-handled", `${id} was not handled by ${by}; ${why}`, id);
        },
      ),
    waitForEvent: (contract, matches = () => true, { withinMs = dayMs } = {}) =>
      patience.until(
        () => eventsOf(contract).find(matches),
        withinMs,
        (why) => failure("no-event", `no ${contract.type} that matches was published; ${why}`),
      ),
    async expectNoEvent<C extends Contract>(
      contract: C,
      matches: Parameters<typeof bus.waitForEvent<C>>[1] = () => true,
    ) {
      await bus.idle();
      const found = eventsOf(contract).find(matches);
      if (found) throw failure("unexpected-event", `${contract.type} was published`, found.id);
    },
    async redeliver(id, { consumer, withinMs = dayMs } = {}) {
      const wanted = concerned(id, consumer);
      const message = published.find(({ event }) => event.id === id)?.message;
      if (!message || wanted.length === 0) {
        throw failure("not-published", `${id} cannot be delivered again: it never was`, id);
      }
      const from = outcomes.length;
      for (const { queue } of wanted) deliver(queue, message, `-${from}`);
      return patience.until(
        () => outcomeOfEach(wanted, (outcome, index) => index >= from && outcome.id === id),
        withinMs,
        (why) => failure("not-handled", `the second delivery of ${id} had no end; ${why}`, id),
      );
    },
    table: (wanted) => testTable(tables, wanted),
    deadLetters: (consumer) => consumerNamed(consumer).deadLetters.messages().map(readDeadLetter),
    parked: (consumer) => parkedGroups(consumerNamed(consumer).parkedStore, consumer),
    async release(consumer, group, { withPoison = false, withinMs = dayMs } = {}) {
      const { queue, parkedStore: store } = consumerNamed(consumer);
      await beginTestRelease({ store, queue, consumer, group, withPoison, clock });
      await bus.idle({ withinMs });
    },
    async idle({ withinMs = dayMs } = {}) {
      await patience.until(
        () => isIdle() || undefined,
        withinMs,
        (why) => failure("not-idle", `queues are not empty; ${why}`),
      );
    },
  };
  return bus;
}

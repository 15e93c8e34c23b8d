import type { ConsumerSettings, DeliverySettings, Filters } from "../../../src/env.ts";
import { matchesFilter } from "../../../src/filter/index.ts";
import { ledgerKey } from "../../../src/ledger/index.ts";
import {
  type DeliveryAnswer,
  type DeliveryHandler,
  deliveryReconciler,
} from "../../../src/reconcile/delivery/deliver.ts";
import type { DeliveryParts } from "../../../src/reconcile/delivery/delivery-parts.ts";
import { inMemoryBusSight } from "../../../src/reconcile/delivery/in-memory-bus-sight.ts";
import { inMemoryKnownConsumers } from "../../../src/reconcile/delivery/in-memory-known.ts";
import type { SentMessage } from "../../../src/reconcile/delivery/ports.ts";
import {
  inMemoryReconcileStore,
  inMemoryRepairs,
  type OpenDifference,
} from "../../../src/reconcile/index.ts";
import { type Ended, hourMs, minuteMs, type Published, sealedWorld } from "../sources/sealed-world.ts";

/** What everybody wants unless told otherwise. */
const everything: Filters = { orders: { type: ["order.created"] } };

/** How the function is invoked: for how long it may run, and which environment of it. */
interface Invocation {
  readonly forMs?: number;
  readonly as?: DeliveryHandler;
}

/** A consumer of the world: its queue, and what SNS really lets through. */
interface Consumer {
  readonly queue: Published[];
  /** By topic; what a person or a deployment has set. */
  subscriptions: Filters;
}

const settings: DeliverySettings = {
  v: 1,
  does: "deliver",
  bus: "shop",
  account: "123456789012",
  region: "eu-central-1",
  topics: ["orders", "stock"],
  everyMs: hourMs,
  spanMs: hourMs,
  graceMs: 2 * minuteMs,
  greyMs: 15 * minuteMs,
  sendPerSecond: 50,
  parks: false,
};

/**
 * A bus in memory and virtual time: what is published is archived and put into the queues of those whose subscription lets it
 * through; the delivery of it is reconciled by the function that is deployed.
 */
export function deliveryWorld({
  given = {},
  parts: givenParts = {},
}: {
  given?: Partial<DeliverySettings>;
  parts?: Partial<DeliveryParts>;
} = {}) {
  const world = sealedWorld();
  const { clock, items, ledger, store: objects } = world;
  const sight = inMemoryBusSight();
  const consumers = new Map<string, Consumer>();
  const archiveQueue: Published[] = [];
  const now = { archives: true, archiver: true };
  const sent: { readonly queue: string; readonly message: SentMessage }[] = [];
  const lines: string[] = [];
  const published = new Map<string, Published>();
  const consumerOf = (name: string) => {
    const found = consumers.get(name);
    if (!found) throw new Error(`no consumer ${name}`);
    return found;
  };
  const showQueues = () => {
    for (const [name, { queue }] of consumers) {
      sight.queues.set(`shop-${name}`, { visible: queue.length, hidden: 0 });
    }
    sight.queues.set("shop-archive", { visible: archiveQueue.length, hidden: 0 });
  };
  const parts: Partial<DeliveryParts> = {
    settings: { ...settings, ...given },
    objects,
    ledger,
    sight,
    sender: {
      async send(queue, messages) {
        for (const message of messages) {
          sent.push({ queue, message });
          const { source, id } = JSON.parse(message.MessageBody) as { source: string; id: string };
          const event = published.get(`${source}\n${id}`);
          if (event) consumerOf(queue.slice("shop-".length)).queue.push(event);
        }
      },
    },
    known: inMemoryKnownConsumers(),
    store: inMemoryReconcileStore({ clock }),
    repairs: inMemoryRepairs(),
    clock,
    sink: (line) => void lines.push(line),
    ...givenParts,
  };
  let handler = deliveryReconciler(parts);

  /** One invocation of the function. */
  const ask = async (
    request: object = { do: "run" },
    { forMs = 15 * minuteMs, as = handler }: Invocation = {},
  ) => {
    showQueues();
    const endsMs = clock.nowMs() + forMs;
    const context = { getRemainingTimeInMillis: () => Math.max(0, endsMs - clock.nowMs()) };
    const answer: DeliveryAnswer = await clock.until(
      as({ omnibus: { v: 1, by: "schedule", ...request } }, context),
    );
    return answer;
  };
  /** A run over all consumers: what the report says of each. */
  const run = async (more: Invocation = {}) => {
    const answer = await ask({ do: "run" }, more);
    if (answer.did !== "deliver") throw new Error(`it did ${answer.did}`);
    return Object.fromEntries(answer.report.consumers.map((one) => [one.consumer, one]));
  };

  const api = {
    ...world,
    parts: parts as DeliveryParts,
    sight,
    sent,
    lines,
    now,
    consumers,
    archiveQueue,
    /** Deploys a consumer: its function now, and its subscriptions with it. */
    deploy(name: string, filters: Filters = everything, more: Partial<ConsumerSettings> = {}) {
      const before = consumers.get(name);
      consumers.set(name, { queue: before?.queue ?? [], subscriptions: filters });
      api.subscribe(name, Object.keys(filters));
      sight.functions.set(name, {
        changedMs: clock.nowMs(),
        settings: {
          v: 1,
          bus: "shop",
          consumer: name,
          on: ["order.created:1"],
          emits: [],
          mode: "once",
          fifo: false,
          account: settings.account,
          region: settings.region,
          attempts: 1,
          firstDelayMs: 1_000,
          maxDelayMs: minuteMs,
          marginMs: 1_000,
          keepMs: 60 * 24 * hourMs,
          parallel: 10,
          filters,
          ...more,
        },
      });
    },
    /** What the topics deliver to a consumer's queue. */
    subscribe(name: string, topics: readonly string[]) {
      const arn = `arn:aws:sqs:${settings.region}:${settings.account}:shop-${name}`;
      for (const topic of settings.topics) {
        const others = (sight.subscriptions.get(topic) ?? []).filter((one) => one !== arn);
        sight.subscriptions.set(topic, topics.includes(topic) ? [...others, arn] : others);
      }
    },
    /** A person removes the subscriptions of a consumer, and puts them back. */
    unsubscribe(name: string) {
      const consumer = consumerOf(name);
      const before = consumer.subscriptions;
      consumer.subscriptions = {};
      api.subscribe(name, []);
      return () => {
        consumer.subscriptions = before;
        api.subscribe(name, Object.keys(before));
      };
    },
    /** Publishes an event now: SNS puts it into queues, and the archiver archives what waits for it. */
    async publish(...events: readonly Published[]) {
      for (const event of events) {
        const { source = "/shop", type = "order.created", topic = "orders", attributes = {}, id } = event;
        published.set(`${source}\n${id}`, event);
        if (now.archives) archiveQueue.push({ ...event, publishedMs: event.publishedMs ?? clock.nowMs() });
        const seen = Object.entries({ type: { Type: "String", Value: type }, ...attributes }).map(
          ([name, { Type, Value }]) => [name, { DataType: Type, StringValue: Value }],
        );
        for (const { subscriptions, queue } of consumers.values()) {
          const policy = subscriptions[topic];
          if (policy && matchesFilter(policy, Object.fromEntries(seen))) queue.push(event);
        }
      }
      await api.archiveAll();
    },
    async archiveAll() {
      if (now.archiver && archiveQueue.length > 0) await world.archive(archiveQueue.splice(0));
    },
    /** A consumer handles what is in its queue; an event that it has ended already is acknowledged. */
    async drain(...names: readonly string[]) {
      for (const name of names.length > 0 ? names : consumers.keys()) {
        const events = consumerOf(name).queue.splice(0);
        const isNew = ({ source = "/shop", id }: Published) =>
          !["done"].includes(items.get(ledgerKey({ consumer: name, source, id }))?.state ?? "");
        const fresh = [...new Set(events)].filter(isNew);
        if (fresh.length > 0) await world.complete(fresh.map((event): Ended => ({ ...event, by: name })));
      }
    },
    /** Some hours of ordinary life: an event every few minutes, handled by everybody. */
    async live(hours: number, prefix: string, perHour = 6) {
      for (let hour = 0; hour < hours; hour++) {
        for (let nth = 0; nth < perHour; nth++) {
          await api.publish({ id: `${prefix}-${hour}-${nth}`, timeMs: clock.nowMs() });
          await api.drain();
          await clock.advance(hourMs / perHour);
        }
        await world.seal(0);
      }
    },
    ask,
    run,
    /** Time goes on until everything that was written is sealed and settled. */
    async settle(hours = 4) {
      for (let hour = 0; hour < hours; hour++) await world.seal(hourMs);
    },
    /** Open differences of a consumer. */
    async open(name: string) {
      const found: OpenDifference[] = [];
      let cursor: string | undefined;
      do {
        const page = await api.parts.store.list(`delivery-${name}`, cursor);
        found.push(...page.open);
        cursor = page.cursor;
      } while (cursor !== undefined);
      return found.map(({ difference }) => `${difference.class} ${difference.key.split("\n")[1]}`).sort();
    },
    /** Another environment of the function: it remembers nothing. */
    restart(more: Partial<DeliveryParts> = {}) {
      handler = deliveryReconciler({ ...parts, ...more });
    },
    environment: (more: Partial<DeliveryParts> = {}) => deliveryReconciler({ ...parts, ...more }),
  };
  return api;
}

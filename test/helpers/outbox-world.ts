import * as z from "zod";
import { type VirtualClock, virtualClock } from "../../local/testing/virtual-clock.ts";
import { defineEvent, type WireMessage } from "../../src/contract/index.ts";
import type { RelaySettings } from "../../src/env.ts";
import {
  createOutbox,
  type InMemoryOutbox,
  inMemoryOutbox,
  type Outbox,
  type RelayHandler,
  type RelayParts,
  relay,
  type StreamRecord,
} from "../../src/outbox/index.ts";
import { type InMemoryTopics, type InMemoryTopicsOptions, inMemoryTopics } from "../../src/publish/index.ts";

export const orderCreated = defineEvent("order.created", {
  version: 1,
  topic: "orders",
  schema: z.object({ order: z.int(), note: z.string().optional() }),
});

export const balanceMoved = defineEvent("balance.moved", {
  version: 1,
  topic: "balances.fifo",
  schema: z.object({ account: z.string(), step: z.int() }),
});

export const balancesArn = "arn:aws:sns:us-east-1:000000000000:shop-balances.fifo";

export const relaySettings: RelaySettings = {
  v: 1,
  ...{ bus: "shop", account: "000000000000", region: "us-east-1" },
  ...{ table: "shop-outbox", partitionKey: "pk", sortKey: "sk", prefix: "" },
  graceMs: 60_000,
};

export const ordersArn = "arn:aws:sns:us-east-1:000000000000:shop-orders";

/** An outbox, its relay and its topics in memory, on a clock that stands still. */
export interface OutboxWorld {
  readonly clock: VirtualClock;
  readonly store: InMemoryOutbox;
  readonly topics: InMemoryTopics;
  readonly outbox: Outbox;
  /** Every line that the relay wrote, parsed. */
  readonly lines: readonly Record<string, unknown>[];
  /** Commits a transaction with one more order's event, as a writer does; answers what its table's stream tells of it. */
  write(order: number, note?: string): Promise<StreamRecord>;
  /** The same with an ordered step of an account; `undefined`: its transaction was refused. */
  move(account: string, step: number): Promise<StreamRecord | undefined>;
  /** Steps that the ordered topic took of an account, each time. */
  moved(account: string): readonly number[];
  /** What the topic took, each time. */
  taken(): readonly WireMessage[];
  /** Another process of the relay. */
  process(parts?: Partial<RelayParts> & { readonly settings?: Partial<RelaySettings> }): RelayHandler;
  /** Hands a batch of the stream to a relay, and moves time until it answers. */
  stream(records: readonly StreamRecord[], handler?: RelayHandler): Promise<readonly string[]>;
  /** Has a relay sweep, and moves time until it has. */
  sweep(handler?: RelayHandler): Promise<void>;
}

export function outboxWorld(
  given: InMemoryTopicsOptions & { readonly seed?: number; readonly clock?: VirtualClock } = {},
): OutboxWorld {
  const clock = given.clock ?? virtualClock(given.seed === undefined ? {} : { seed: given.seed });
  const store = inMemoryOutbox({ clock });
  const topics = inMemoryTopics(given);
  const outbox = createOutbox({ table: relaySettings.table, source: "/shop", clock });
  const lines: Record<string, unknown>[] = [];
  const process: OutboxWorld["process"] = ({ settings, ...parts } = {}) =>
    relay(
      { ...relaySettings, ...settings },
      {
        ...{ store, topics, clock },
        sink: (line) => void lines.push(JSON.parse(line)),
        ...parts,
      },
    );
  const handle = process();
  const context = { getRemainingTimeInMillis: () => 300_000 };
  let records = 0;
  return {
    ...{ clock, store, topics, outbox, lines, process },
    async write(order, note) {
      const data = { order, ...(note === undefined ? {} : { note }) };
      const writes = await outbox.add(orderCreated, data, { id: `order-${order}` });
      store.transact(writes);
      const NewImage = writes[0]?.Put?.Item ?? {};
      return { eventName: "INSERT", dynamodb: { SequenceNumber: String(++records), NewImage } };
    },
    async move(account, step) {
      const order = { id: `${account}-${step}`, order: account, sequence: step };
      const writes = await outbox.add(balanceMoved, { account, step }, order);
      const NewImage = writes[0]?.Put?.Item ?? {};
      if (!store.transact(writes)) return undefined;
      return { eventName: "INSERT", dynamodb: { SequenceNumber: String(++records), NewImage } };
    },
    moved: (account) =>
      topics
        .taken(balancesArn)
        .filter(({ groupId }) => groupId === account)
        .map(({ id }) => Number(id.slice(account.length + 1))),
    taken: () => topics.taken(ordersArn),
    async stream(batch, handler = handle) {
      const { batchItemFailures } = await clock.until(handler({ Records: batch }, context));
      return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
    async sweep(handler = handle) {
      await clock.until(handler({}, context));
    },
  };
}

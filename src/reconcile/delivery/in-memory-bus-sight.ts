import type { ConsumerSettings } from "../../env.ts";
import type { BusSight, MessageCounts } from "./ports.ts";

/** A bus in memory: what is there is what was put there. */
export interface InMemoryBusSight extends BusSight {
  /** By topic: ARNs of queues. */
  readonly subscriptions: Map<string, string[]>;
  /** By consumer. */
  readonly functions: Map<string, { settings: ConsumerSettings | undefined; changedMs: number }>;
  /** By name. */
  readonly queues: Map<string, MessageCounts>;
}

/** Makes an `InMemoryBusSight` with nothing in it. */
export function inMemoryBusSight(): InMemoryBusSight {
  const subscriptions: InMemoryBusSight["subscriptions"] = new Map();
  const functions: InMemoryBusSight["functions"] = new Map();
  const queues: InMemoryBusSight["queues"] = new Map();
  return {
    subscriptions,
    functions,
    queues,
    subscribers: async (topic) => [...(subscriptions.get(topic) ?? [])],
    consumerFunction: async (consumer) => functions.get(consumer),
    messages: async (queue) => queues.get(queue),
  };
}

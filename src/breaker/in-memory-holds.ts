import type { ConsumerHolds, Hold, HoldName, ProbeNote, Ramp } from "./hold.ts";
import type { HoldStore, Writer } from "./ports.ts";

/** Holds in memory, with what a table's stream would tell. */
export interface InMemoryHolds extends HoldStore {
  /** Called after each write, as a stream would, with who wrote. The returned function ends it. */
  onWrite(told: (consumer: string, writer: Writer) => void): () => void;
}

interface Item {
  readonly holds: Map<HoldName, Hold>;
  probe: ProbeNote | undefined;
  ramp: Ramp | undefined;
}

/** Makes `InMemoryHolds`: for tests and simulations. */
export function inMemoryHolds(): InMemoryHolds {
  const items = new Map<string, Item>();
  const listeners = new Set<(consumer: string, writer: Writer) => void>();
  const itemOf = (consumer: string): Item => {
    const item = items.get(consumer) ?? { holds: new Map(), probe: undefined, ramp: undefined };
    items.set(consumer, item);
    return item;
  };
  const tell = (consumer: string, writer: Writer) => {
    for (const told of listeners) told(consumer, writer);
  };

  return {
    read: async (consumers) =>
      consumers.map((consumer): ConsumerHolds => {
        const item = items.get(consumer);
        return {
          consumer,
          holds: [...(item?.holds.values() ?? [])].sort((one, other) => one.sinceMs - other.sinceMs),
          probe: item?.probe,
          ramp: item?.ramp,
        };
      }),
    async open(consumer, hold, writer) {
      const { holds } = itemOf(consumer);
      if (holds.has(hold.name)) return "already";
      holds.set(hold.name, hold);
      tell(consumer, writer);
      return "opened";
    },
    async lift(consumer, { name, sinceMs }, writer, ramp) {
      const item = itemOf(consumer);
      if (item.holds.get(name)?.sinceMs !== sinceMs) return false;
      item.holds.delete(name);
      if (ramp) item.ramp = ramp;
      tell(consumer, writer);
      return true;
    },
    async noteProbe(consumer, note) {
      itemOf(consumer).probe = note;
      tell(consumer, "governor");
    },
    async moveRamp(consumer, before, after) {
      const item = itemOf(consumer);
      if (item.ramp?.step !== before.step || item.ramp.sinceMs !== before.sinceMs) return false;
      item.ramp = after;
      tell(consumer, "governor");
      return true;
    },
    onWrite(told) {
      listeners.add(told);
      return () => listeners.delete(told);
    },
  };
}

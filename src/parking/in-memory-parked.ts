import type { LineEntry, ParkedGroup, ParkedMessage, ParkedStore } from "./ports.ts";

/** A `ParkedStore` in this process's memory, for tests and simulations. */
export function inMemoryParked(): ParkedStore {
  const markers = new Map<string, ParkedGroup>();
  const lines = new Map<string, Map<number, ParkedMessage>>();
  const keyOf = (consumer: string, group: string) => `${consumer} ${group}`;

  return {
    async read(consumer, groups) {
      const found = groups.flatMap((group) => markers.get(keyOf(consumer, group)) ?? []);
      return new Map(found.map((marker) => [marker.group, marker]));
    },
    async change({ consumer, group, from, to, put, remove }) {
      const key = keyOf(consumer, group);
      if ((markers.get(key)?.revision ?? 0) !== from) return false;
      if (to) markers.set(key, to);
      else markers.delete(key);
      const line = lines.get(key) ?? new Map<number, ParkedMessage>();
      lines.set(key, line);
      for (const { place } of remove) line.delete(place);
      for (const { place, message } of put) line.set(place, message);
      if (line.size === 0) lines.delete(key);
      return true;
    },
    async line(consumer, group, from, most): Promise<readonly LineEntry[]> {
      return [...(lines.get(keyOf(consumer, group)) ?? [])]
        .filter(([place]) => place >= from)
        .sort(([one], [other]) => one - other)
        .slice(0, most)
        .map(([place, message]) => ({ place, parts: 1, message }));
    },
    async list(consumer) {
      return { groups: [...markers.values()].filter((marker) => marker.consumer === consumer) };
    },
  };
}

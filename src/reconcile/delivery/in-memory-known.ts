import type { KnownConsumer } from "./known-consumer.ts";
import type { KnownConsumers } from "./ports.ts";

/** `KnownConsumers` in this process's memory. */
export function inMemoryKnownConsumers(): KnownConsumers {
  const all = new Map<string, { readonly known: KnownConsumer; readonly revision: number }>();
  let began: number | undefined;
  return {
    async beganMs(nowMs) {
      began ??= nowMs;
      return began;
    },
    list: async () => [...all.values()],
    async save(known, revision) {
      if ((all.get(known.consumer)?.revision ?? 0) !== revision) return false;
      all.set(known.consumer, { known, revision: revision + 1 });
      return true;
    },
  };
}

import type { PartMessage, PartQueue } from "./parts.ts";

/** A `PartQueue` in memory, for tests: what was sent waits in `waiting`. */
export function inMemoryParts(): PartQueue & { readonly waiting: PartMessage[] } {
  const waiting: PartMessage[] = [];
  return {
    waiting,
    async send(messages) {
      waiting.push(...messages);
    },
  };
}

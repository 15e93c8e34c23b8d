import type { Clock } from "../../src/clock.ts";
import { heapOf } from "../../src/heap.ts";

/** Moments at which something is due, behind a single timer: thousands of messages in flight cost one. */
export interface Deadlines<Item> {
  add(atMs: number, item: Item): void;
}

/** Makes `Deadlines`; `due` is called once for each item, at its moment, in order. Items cannot be taken out. */
export function createDeadlines<Item>(clock: Clock, due: (item: Item) => void): Deadlines<Item> {
  const waiting = heapOf<{ readonly atMs: number; readonly item: Item }>(
    (left, right) => left.atMs - right.atMs,
  );
  let timer: { readonly atMs: number; readonly cancel: () => void } | undefined;

  const arm = () => {
    const first = waiting.peek();
    if (!first || (timer && timer.atMs <= first.atMs)) return;
    timer?.cancel();
    const cancel = clock.after(Math.max(0, first.atMs - clock.nowMs()), () => {
      timer = undefined;
      for (let next = waiting.peek(); next && next.atMs <= clock.nowMs(); next = waiting.peek()) {
        waiting.pop();
        due(next.item);
      }
      arm();
    });
    timer = { atMs: first.atMs, cancel };
  };

  return {
    add(atMs, item) {
      waiting.push({ atMs, item });
      arm();
    },
  };
}

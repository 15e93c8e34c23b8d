import type { Clock } from "../../src/clock.ts";

/** Moments at which something is due, behind a single timer: thousands of messages in flight cost one. */
export interface Deadlines<Item> {
  add(atMs: number, item: Item): void;
}

/** Makes `Deadlines`; `due` is called once for each item, at its moment, in order. Items cannot be taken out. */
export function createDeadlines<Item>(clock: Clock, due: (item: Item) => void): Deadlines<Item> {
  /** A binary heap: the earliest is first. */
  const heap: { readonly atMs: number; readonly item: Item }[] = [];
  let timer: { readonly atMs: number; readonly cancel: () => void } | undefined;

  const before = (left: number, right: number) =>
    (heap[left]?.atMs ?? Number.POSITIVE_INFINITY) < (heap[right]?.atMs ?? Number.POSITIVE_INFINITY);

  const swap = (left: number, right: number) => {
    const [a, b] = [heap[left], heap[right]];
    if (!a || !b) return;
    heap[left] = b;
    heap[right] = a;
  };

  const takeFirst = () => {
    const [first] = heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return first;
    heap[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = before(right, left) ? right : left;
      if (!before(child, at)) return first;
      swap(at, child);
      at = child;
    }
  };

  const arm = () => {
    const [first] = heap;
    if (!first || (timer && timer.atMs <= first.atMs)) return;
    timer?.cancel();
    const cancel = clock.after(Math.max(0, first.atMs - clock.nowMs()), () => {
      timer = undefined;
      while (heap[0] && heap[0].atMs <= clock.nowMs()) {
        const next = takeFirst();
        if (next) due(next.item);
      }
      arm();
    });
    timer = { atMs: first.atMs, cancel };
  };

  return {
    add(atMs, item) {
      heap.push({ atMs, item });
      for (let at = heap.length - 1; at > 0 && before(at, (at - 1) >> 1); at = (at - 1) >> 1) {
        swap(at, (at - 1) >> 1);
      }
      arm();
    },
  };
}

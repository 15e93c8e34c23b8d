import type { Clock } from "../clock.ts";

/** Gathers writes that come one by one, and makes them together. */
export interface GroupCommit<Item, Result> {
  /** Resolves with the item's own result once its group is written. Rejects as `write` did. */
  add(item: Item): Promise<Result>;
  /** Writes what waits now, and resolves when all writes that were ever begun are over. Never rejects. */
  flush(): Promise<void>;
}

/**
 * Makes a `GroupCommit`: a group is written when `maxItems` wait, when the first of it has waited `maxWaitMs`, or
 * on `flush`. `write` answers one result per item, in order.
 */
export function groupCommit<Item, Result>({
  write,
  clock,
  maxItems = 10,
  maxWaitMs = 50,
}: {
  write: (items: readonly Item[]) => Promise<readonly Result[]>;
  clock: Clock;
  maxItems?: number;
  maxWaitMs?: number;
}): GroupCommit<Item, Result> {
  type Waiting = { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void };
  let waiting: Waiting[] = [];
  let cancelTimer: (() => void) | undefined;
  const writing = new Set<Promise<void>>();

  const commit = async (group: readonly Waiting[]) => {
    try {
      const results = await write(group.map(({ item }) => item));
      group.forEach(({ resolve }, index) => {
        resolve(results[index] as Result);
      });
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };
  const begin = () => {
    cancelTimer?.();
    cancelTimer = undefined;
    if (waiting.length === 0) return;
    const work = commit(waiting);
    waiting = [];
    writing.add(work);
    work.finally(() => writing.delete(work));
  };

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        if (waiting.length >= maxItems) begin();
        else cancelTimer ??= clock.after(maxWaitMs, begin);
      }),
    flush: async () => {
      begin();
      await Promise.all(writing);
    },
  };
}

import { type Clock, sleep } from "../../src/clock.ts";
import { createBackoff } from "./backoff.ts";
import type { QueuePort } from "./ports.ts";

/** Deletes handled messages beside the work, so that nobody waits for it. */
export interface Deleter {
  add(receiptHandles: readonly string[]): void;
  /** Settles when all that was added is deleted or given up. */
  idle(): Promise<void>;
}

const callsAtOnce = 4;
const tries = 5;

/**
 * Makes a `Deleter`. What comes while its calls are under way is sent together in the next: alone under light load, in
 * full batches under heavy load. A delete that fails five times is given up, which is safe: the message comes again.
 */
export function createDeleter({
  queue,
  clock,
  onDeleted,
  onFailed,
}: {
  queue: QueuePort;
  clock: Clock;
  onDeleted: (count: number) => void;
  onFailed: (count: number, error: unknown) => void;
}): Deleter {
  let collected: string[] = [];
  const calls = new Set<Promise<void>>();

  const send = async (handles: readonly string[]) => {
    const backoff = createBackoff(clock, { firstMs: 100, maxMs: 2_000 });
    for (let attempt = 1; ; attempt++) {
      try {
        await queue.delete(handles);
        return onDeleted(handles.length);
      } catch (error) {
        if (attempt >= tries) return onFailed(handles.length, error);
        await sleep(clock, backoff.nextMs());
      }
    }
  };

  const pump = () => {
    if (collected.length === 0 || calls.size >= callsAtOnce) return;
    const handles = collected;
    collected = [];
    const call = send(handles).finally(() => {
      calls.delete(call);
      pump();
    });
    calls.add(call);
  };

  return {
    add(receiptHandles) {
      for (const handle of receiptHandles) collected.push(handle);
      pump();
    },
    async idle() {
      while (calls.size > 0) await Promise.all(calls);
    },
  };
}

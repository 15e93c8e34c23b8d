import { type Clock, sleep } from "../../../src/clock.ts";
import type { StreamPage, StreamPort } from "./ports.ts";

/** Reads a stream for all of its mappings: those that wait at the same place wait together. */
export interface StreamPoller {
  readonly stream: StreamPort;
  /**
   * The next records after a position, or the end of the shard; waits for them. `undefined` when `signal` ends the wait.
   * `onQuiet` is called when there is nothing yet, with the time of the look. Never rejects: a read that fails is tried again.
   */
  next(
    shardId: string,
    position: string,
    options: { signal: AbortSignal; onQuiet: (lookedMs: number) => void },
  ): Promise<StreamPage | undefined>;
}

/** A stream that is quiet is asked once a second; one that has spoken, at once and then after 100, 200, 400 … ms. */
const pauses = { firstMs: 100, maxMs: 1_000 };

interface Wait {
  readonly page: Promise<StreamPage | undefined>;
  readonly end: AbortController;
  readonly waiting: Set<(lookedMs: number) => void>;
}

/** Makes the poller of one stream. `onReadFailed` hears of each read that did not work. */
export function createStreamPoller(
  stream: StreamPort,
  clock: Clock,
  onReadFailed: (error: unknown) => void = () => {},
): StreamPoller {
  const waits = new Map<string, Wait>();

  const poll = async (shardId: string, start: string, { end, waiting }: Omit<Wait, "page">) => {
    let position = start;
    for (let pauseMs = pauses.firstMs; ; pauseMs = Math.min(pauses.maxMs, 2 * pauseMs)) {
      const lookedMs = clock.nowMs();
      try {
        const page = await stream.read(shardId, position);
        if (page.records.length > 0 || page.next === undefined) return page;
        position = page.next;
        for (const onQuiet of waiting) onQuiet(lookedMs);
      } catch (error) {
        onReadFailed(error);
      }
      await sleep(clock, pauseMs, end.signal);
      if (end.signal.aborted) return undefined;
    }
  };

  const begin = (key: string, shardId: string, position: string): Wait => {
    const parts = { end: new AbortController(), waiting: new Set<(lookedMs: number) => void>() };
    const page = poll(shardId, position, parts).finally(() => {
      if (waits.get(key) === wait) waits.delete(key);
    });
    const wait = { ...parts, page };
    waits.set(key, wait);
    return wait;
  };

  return {
    stream,
    next(shardId, position, { signal, onQuiet }) {
      if (signal.aborted) return Promise.resolve(undefined);
      const key = `${shardId}\n${position}`;
      const wait = waits.get(key) ?? begin(key, shardId, position);
      // Each caller its own, though two may pass the same function.
      const heard = (lookedMs: number) => onQuiet(lookedMs);
      wait.waiting.add(heard);
      return new Promise((resolve) => {
        const leave = () => {
          signal.removeEventListener("abort", leave);
          wait.waiting.delete(heard);
          if (wait.waiting.size === 0) {
            wait.end.abort();
            if (waits.get(key) === wait) waits.delete(key);
          }
          resolve(undefined);
        };
        signal.addEventListener("abort", leave, { once: true });
        void wait.page.then((page) => {
          signal.removeEventListener("abort", leave);
          resolve(page);
        });
      });
    },
  };
}

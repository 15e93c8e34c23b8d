import type { Clock } from "../../../src/clock.ts";
import { lambda } from "../../../src/limits-of-aws.ts";
import { frameBytes } from "../record.ts";
import type { StreamEntry } from "./stream-record.ts";

/** The records of a shard, or of its part, that are handled one batch after the other. */
export interface Lane {
  push(entry: StreamEntry): void;
  /** Records that wait. */
  readonly size: number;
  readonly bytes: number;
  /**
   * The next batch: waits for a first record, then until the batch is full, the window is over, the payload has 6 MB, or
   * nothing more will come. `undefined` when `signal` ends it: what waits is read again another time.
   */
  next(
    limits: { batchSize: number; windowMs: number },
    signal: AbortSignal,
  ): Promise<StreamEntry[] | undefined>;
  /** Nothing more will come. */
  close(): void;
}

/** Makes an empty lane. `onTaken` is called when a batch leaves it. */
export function createLane(clock: Clock, onTaken: () => void): Lane {
  let waiting: StreamEntry[] = [];
  let bytes = 0;
  let closed = false;
  let changed = () => {};

  /** Settles when something changes, or at `untilMs`. */
  const change = (untilMs: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        cancel();
        signal.removeEventListener("abort", wake);
        resolve();
      };
      changed = wake;
      const cancel = Number.isFinite(untilMs) ? clock.after(untilMs - clock.nowMs(), wake) : () => {};
      signal.addEventListener("abort", wake, { once: true });
    });

  return {
    push(entry) {
      waiting.push(entry);
      bytes += entry.bytes;
      changed();
    },
    get size() {
      return waiting.length;
    },
    get bytes() {
      return bytes;
    },
    async next({ batchSize, windowMs }, signal) {
      while (waiting.length === 0 && !signal.aborted) {
        if (closed) return undefined;
        await change(Number.POSITIVE_INFINITY, signal);
      }
      const endMs = clock.nowMs() + windowMs;
      const isFull = () => waiting.length >= batchSize || bytes + frameBytes >= lambda.invokePayloadBytes;
      while (!closed && !signal.aborted && !isFull() && clock.nowMs() < endMs) await change(endMs, signal);
      if (signal.aborted) return undefined;
      const batch = waiting.slice(0, countOf(waiting, batchSize));
      waiting = waiting.slice(batch.length);
      for (const entry of batch) bytes -= entry.bytes;
      onTaken();
      return batch;
    },
    close() {
      closed = true;
      changed();
    },
  };
}

/** As many as one invocation may have, and at least one. */
function countOf(entries: readonly StreamEntry[], batchSize: number): number {
  let bytes = frameBytes;
  let count = 0;
  for (const entry of entries) {
    bytes += entry.bytes;
    if (count > 0 && (bytes > lambda.invokePayloadBytes || count >= batchSize)) break;
    count++;
  }
  return count;
}

import type { Clock } from "../../src/clock.ts";
import { lambda } from "../../src/limits-of-aws.ts";
import type { QueueMessage, QueuePort } from "./ports.ts";
import { frameBytes, recordJson } from "./record.ts";

/** A message with the record that the function will see. */
export interface Entry {
  readonly message: QueueMessage;
  readonly record: string;
  readonly bytes: number;
}

/** A batch, and what was received beyond the size that one invocation may have. */
export interface Gathered {
  readonly batch: readonly Entry[];
  readonly carried: readonly Entry[];
}

/** What `gather` takes. */
export interface GatherOptions {
  readonly queue: QueuePort;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly windowMs: number;
  /** What the batch before could not take. */
  readonly carried: readonly Entry[];
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Told after each receive: how many came, and how many could have. */
  readonly onReceived: (count: number, max: number) => void;
}

const perReceive = 10;
const longPollMs = 20_000;

/**
 * Gathers one batch: waits for a first message, then goes on until the batch is full, the window is over, or the payload
 * has 6 MB. (invocation-eventsourcemapping) An aborted `signal` ends it with what is there. Rejects only when the first
 * receive does: later on, what is in hand is the batch.
 */
export async function gather(options: GatherOptions): Promise<Gathered> {
  const { queue, queueArn, batchSize, windowMs, signal, clock, onReceived } = options;
  const entries = [...options.carried];
  let bytes = entries.reduce((sum, entry) => sum + entry.bytes, frameBytes);

  const receive = async (waitMs: number) => {
    const max = Math.min(perReceive, batchSize - entries.length);
    const messages = await queue.receive({ max, waitMs, signal });
    for (const message of messages) {
      const record = recordJson(message, queueArn);
      const size = Buffer.byteLength(record) + 1;
      entries.push({ message, record, bytes: size });
      bytes += size;
    }
    onReceived(messages.length, max);
  };

  if (entries.length === 0) await receive(longPollMs);
  if (entries.length > 0 && windowMs > 0) {
    const endMs = clock.nowMs() + windowMs;
    while (entries.length < batchSize && bytes <= lambda.invokePayloadBytes && !signal.aborted) {
      const leftMs = endMs - clock.nowMs();
      if (leftMs <= 0) break;
      try {
        await receive(Math.min(leftMs, longPollMs));
      } catch {
        break;
      }
    }
  }
  return cut(entries, batchSize);
}

/** As many as one invocation may have; a message that is too large by itself goes alone, and is refused there. */
function cut(entries: readonly Entry[], batchSize: number): Gathered {
  let bytes = frameBytes;
  let count = 0;
  for (const entry of entries) {
    bytes += entry.bytes;
    if (count > 0 && (bytes > lambda.invokePayloadBytes || count >= batchSize)) break;
    count++;
  }
  return { batch: entries.slice(0, count), carried: entries.slice(count) };
}

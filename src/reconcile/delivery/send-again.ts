import { type Clock, sleep } from "../../clock.ts";
import { OmnibusError } from "../../errors.ts";
import { sqs } from "../../limits-of-aws.ts";
import type { Segments } from "../../segments/index.ts";
import type { Repairer, Resend } from "../repair/how.ts";
import { lineAt } from "../sealed/line-at.ts";
import type { QueueSender, SentMessage } from "./ports.ts";
import { bytesOf, sentMessage } from "./sent-message.ts";

/**
 * Sends archived events to one consumer's queue again: their bytes as they were published, no more than so many in a second.
 * Another consumer's queue is not touched. That an event is sent twice does no harm: the ledger knows it.
 *
 * Throws `OmnibusError`: `offset-unknown` where an event is not in the archive any more, and what the sender throws.
 */
export function sendAgain({
  archive,
  sender,
  queue,
  fifo,
  perSecond,
  clock,
}: {
  readonly archive: Segments;
  readonly sender: QueueSender;
  readonly queue: string;
  readonly fifo: boolean;
  readonly perSecond: number;
  readonly clock: Clock;
}): NonNullable<Repairer["send"]> {
  let nextMs = Number.NEGATIVE_INFINITY;
  const read = async (some: readonly Resend[]) => {
    const messages: SentMessage[] = [];
    for (const { offsets, effectKey } of some) {
      for (const [nth, offset] of offsets.entries()) {
        const line = await lineAt(archive, offset);
        if (!line) {
          throw new OmnibusError(
            "offset-unknown",
            `the archive has no event at ${offset} any more: it cannot be sent again`,
          );
        }
        const deduplicationId = nth === 0 ? effectKey : `${effectKey}-${nth}`;
        messages.push(sentMessage(line.bytes, { fifo, deduplicationId }));
      }
    }
    return messages;
  };

  return async (some, { signal }) => {
    const messages = await read(some);
    while (messages.length > 0) {
      const waitMs = nextMs - clock.nowMs();
      if (waitMs > 0) await sleep(clock, waitMs, signal);
      signal.throwIfAborted();
      const batch = takeBatch(messages);
      await sender.send(queue, batch);
      nextMs = Math.max(nextMs, clock.nowMs()) + (batch.length / perSecond) * 1_000;
    }
  };
}

/** The first messages, as many as go together; one at least. */
function takeBatch(messages: SentMessage[]): readonly SentMessage[] {
  let bytes = 0;
  let count = 0;
  for (const message of messages.slice(0, sqs.batchEntries)) {
    bytes += bytesOf(message);
    if (count > 0 && bytes > sqs.maxMessageBytes) break;
    count++;
  }
  return messages.splice(0, count);
}

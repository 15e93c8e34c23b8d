import type { Message, SQSClient } from "@aws-sdk/client-sqs";
import { type Clock, systemClock } from "../src/clock.ts";
import { sqs } from "../src/limits-of-aws.ts";
import { holdMessages } from "./held-messages.ts";
import { queueDepth, queueUrl, totalOf } from "./queue-depth.ts";

/** Looks at a queue are made side by side. */
const lanes = 4;
/** A look hides messages for as long as it takes, should it be killed: so much, and a second for each so many. */
const leastHoldSeconds = 30;
const messagesPerSecond = 100;
/** Receives in a row that bring nothing new: then the look has outlived its hold, and goes round in circles. */
const patience = 20;

/** What a look has found. */
export interface Peeked {
  /** Messages that were seen. */
  readonly seen: number;
  /** Messages that the queue held besides, hidden by somebody else or behind others of their group. */
  readonly unseen: number;
}

/**
 * Looks at all visible messages of a queue and hands them back: `see` is called once per message, and when the look is
 * over, also after an error, every message is visible again. Looking is a receive: it adds to the receive count,
 * so this is for dead-letter queues, not for queues that work on a count.
 *
 * Messages stay invisible while the look lasts, at most `holdSeconds` (by default 30 and as many as their number takes).
 * Of an ordered queue, only the first messages of each group can be seen. An abort ends the look early.
 *
 * @param waitSeconds How long an empty answer is waited for. 0 asks only some of AWS's servers; 1 asks all.
 */
export async function peekQueue({
  client,
  queueName,
  see,
  holdSeconds,
  waitSeconds = 1,
  signal,
  clock = systemClock,
}: {
  readonly client: SQSClient;
  readonly queueName: string;
  readonly see: (message: Message) => void;
  readonly holdSeconds?: number;
  readonly waitSeconds?: number;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock;
}): Promise<Peeked> {
  const url = await queueUrl(client, queueName);
  const before = totalOf(await queueDepth(client, url));
  const held = holdMessages({
    client,
    url,
    holdSeconds: holdSeconds ?? Math.min(sqs.maxVisibilitySeconds, holdFor(before)),
    clock,
  });
  const seen = new Set<string | undefined>();
  let failed = false;
  const lane = async () => {
    for (let stale = 0; stale < patience && !failed && signal?.aborted !== true; ) {
      const messages = await held.receive({ waitSeconds });
      if (messages.length === 0) return;
      const fresh = messages.filter(({ MessageId: id }) => !seen.has(id));
      stale = fresh.length > 0 ? 0 : stale + 1;
      for (const { MessageId: id } of fresh) seen.add(id);
      for (const message of fresh) see(message);
    }
  };
  try {
    const ended = await Promise.allSettled(
      // A queue that seems empty is asked once all the same: SQS's numbers lag behind.
      Array.from({ length: before === 0 ? 1 : lanes }, () =>
        lane().catch((thrown: unknown) => {
          failed = true;
          throw thrown;
        }),
      ),
    );
    for (const one of ended) if (one.status === "rejected") throw one.reason;
    return { seen: seen.size, unseen: Math.max(0, before - seen.size) };
  } finally {
    await held.handBack();
  }
}

function holdFor(messages: number): number {
  return leastHoldSeconds + Math.ceil(messages / messagesPerSecond);
}

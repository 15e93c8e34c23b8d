import { DeleteMessageBatchCommand, type Message, type SQSClient } from "@aws-sdk/client-sqs";
import { type Clock, sleep } from "../../src/clock.ts";
import { holdMessages } from "../held-messages.ts";
import { queueDepth, queueUrl, totalOf } from "../queue-depth.ts";
import { type DeadLetter, readDeadLetter } from "./dead-letter.ts";
import type { DeadLetterPlace } from "./places.ts";

/** How a walk through a queue goes. */
export interface WalkCounts {
  /** Done with and out of the queue. */
  readonly moved: number;
  /** Could not be done with: still in the queue. */
  readonly failed: number;
  /** Done with, and still in the queue, as SQS did not delete them: the next walk does them again. */
  readonly undeleted: number;
}

/** How a walk has ended. */
export interface Walked extends WalkCounts {
  /** Messages that the queue holds and that were not seen: somebody else has them, or they came since. */
  readonly unseen: number;
  /** Why something failed, each reason once, with how often. */
  readonly errors: ReadonlyMap<string, number>;
}

/** What `act` answers for each letter: done, why not, or that it was not tried. */
export type ActResult = true | string | undefined;

/** So long a message is hidden when the walker is killed; one that is taken is done with sooner. In seconds. */
export const walkHoldSeconds = 30;
/** A queue that another process still hides messages of is waited for so much longer than those can be hidden. */
const graceSeconds = 5;
/** After so many failures in a row, and nothing that worked, a walk gives up. */
const hopelessAfter = 30;

/**
 * Walks through a dead-letter queue once and does something with each letter that is meant: `act` first, and only when
 * it has answered `true` the letter is deleted. Others are hidden while the walk lasts, so that it does not meet them
 * again, and handed back at its end. Killed at any moment it loses nothing: what it held comes back by itself.
 *
 * Ends when `planned` letters are met (and nothing was hidden at the look before), or when nothing is left to be seen;
 * messages that someone else hides are waited for, as long as an earlier walk can have hidden them.
 */
export async function walkLetters({
  client,
  place,
  isMeant,
  act,
  planned,
  lanes,
  receive,
  batch,
  waitSeconds = 1,
  holdSeconds = walkHoldSeconds,
  signal,
  clock,
  onProgress,
}: {
  readonly client: SQSClient;
  readonly place: DeadLetterPlace;
  readonly isMeant: (letter: DeadLetter) => boolean;
  /** At most `batch` letters, in the order of the queue. Never throws. */
  readonly act: (letters: readonly DeadLetter[]) => Promise<readonly ActResult[]>;
  /** Letters after which the walk is over; `undefined` when it goes to the queue's end. */
  readonly planned: number | undefined;
  /** Receives side by side, of so many messages each, and how many of them `act` is given at once. */
  readonly lanes: number;
  readonly receive: number;
  readonly batch: number;
  readonly waitSeconds?: number | undefined;
  readonly holdSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly clock: Clock;
  readonly onProgress?: ((counts: WalkCounts) => void) | undefined;
}): Promise<Walked> {
  const url = await queueUrl(client, place.queueName);
  const held = holdMessages({ client, url, holdSeconds, clock });
  const done = new Set<string>();
  const failed = new Set<string>();
  const busy = new Set<string>();
  const seen = new Set<string>();
  const errors = new Map<string, number>();
  let moved = 0;
  let failuresInARow = 0;
  let stopped = false;

  const counts = (): WalkCounts => ({ moved, failed: failed.size, undeleted: done.size - moved });
  const isOver = () =>
    stopped ||
    signal?.aborted === true ||
    failuresInARow >= hopelessAfter ||
    (planned !== undefined && done.size + failed.size >= planned);

  /** What the queue holds besides what was met and is still in it. */
  const unseenNow = async () => Math.max(0, totalOf(await queueDepth(client, url)) - (seen.size - moved));

  const remove = async (letters: readonly DeadLetter[]) => {
    for (const { messageId } of letters) done.add(messageId);
    const deleted = await deleteBatch(
      client,
      url,
      letters.map(({ message }) => message),
    ).catch(() => []);
    moved += deleted.length;
    held.forget(deleted);
  };

  const take = async (letters: readonly DeadLetter[]) => {
    if (letters.length === 0) return;
    const results = await act(letters);
    const taken = letters.filter((_, index) => results[index] === true);
    letters.forEach(({ messageId }, index) => {
      const result = results[index];
      if (result === true || result === undefined) return;
      failed.add(messageId);
      errors.set(result, (errors.get(result) ?? 0) + 1);
    });
    failuresInARow = taken.length > 0 ? 0 : failuresInARow + results.filter(Boolean).length;
    if (taken.length > 0) await remove(taken);
    onProgress?.(counts());
  };

  /** Answers whether any of the messages was not met before. */
  const walkBatch = async (messages: readonly Message[]): Promise<boolean> => {
    const letters = messages
      .map((message) => readDeadLetter(message, place.kind))
      .filter(({ messageId }) => !busy.has(messageId));
    for (const { messageId } of letters) busy.add(messageId);
    const isNew = letters.some(({ messageId }) => !seen.has(messageId));
    for (const { messageId } of letters) seen.add(messageId);
    try {
      // Sent before, and not deleted: it may not be sent again.
      const sent = letters.filter(({ messageId }) => done.has(messageId));
      if (sent.length > 0) await remove(sent);
      const meant = letters.filter(
        (letter) => !done.has(letter.messageId) && !failed.has(letter.messageId) && isMeant(letter),
      );
      for (let start = 0; start < meant.length && !isOver(); start += batch) {
        const next = meant.slice(start, start + batch);
        await take(place.fifo ? next.filter((letter) => !follows(letter, meant, failed)) : next);
      }
      return isNew;
    } finally {
      for (const { messageId } of letters) busy.delete(messageId);
    }
  };

  const lane = async () => {
    let quietSinceMs: number | undefined;
    while (!isOver()) {
      const messages = await held.receive({ most: receive, waitSeconds });
      if (messages.length > 0) {
        if (await walkBatch(messages)) quietSinceMs = undefined;
        continue;
      }
      quietSinceMs ??= clock.nowMs();
      if ((await unseenNow()) === 0 || clock.nowMs() - quietSinceMs > (holdSeconds + graceSeconds) * 1_000)
        return;
      await sleep(clock, 500, signal);
    }
  };

  try {
    const ended = await Promise.allSettled(
      Array.from({ length: lanes }, () =>
        lane().catch((thrown: unknown) => {
          stopped = true;
          throw thrown;
        }),
      ),
    );
    for (const one of ended) if (one.status === "rejected") throw one.reason;
    const endedEarly = planned !== undefined && done.size + failed.size >= planned;
    const unseen = endedEarly ? 0 : await unseenNow();
    return { ...counts(), unseen, errors };
  } finally {
    await held.handBack();
  }
}

/** Whether a letter of the same ordered group, received with it, has failed: what follows may not overtake. */
function follows(
  { message }: DeadLetter,
  letters: readonly DeadLetter[],
  failed: ReadonlySet<string>,
): boolean {
  const groupOf = (one: Message) => one.Attributes?.MessageGroupId;
  return letters.some((one) => failed.has(one.messageId) && groupOf(one.message) === groupOf(message));
}

/** Deletes messages; answers those that are gone. */
async function deleteBatch(
  client: SQSClient,
  url: string,
  messages: readonly Message[],
): Promise<readonly Message[]> {
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const { Successful = [] } = await client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
  return Successful.flatMap(({ Id }) => messages[Number(Id)] ?? []);
}

import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { systemClock } from "../../src/clock.ts";
import { describeError, OmnibusError } from "../../src/errors.ts";
import { sqs } from "../../src/limits-of-aws.ts";
import { queueUrl } from "../queue-depth.ts";
import { isMissing, type LetterLook, type LetterQuery } from "./look.ts";
import { type MoveResult, moveResult } from "./move-result.ts";
import { createPacer } from "./pacer.ts";
import { placesOf } from "./places.ts";
import { redrivenMessage } from "./redriven-message.ts";
import { isSelected } from "./selection.ts";
import {
  type ActResult,
  type WalkCounts,
  type Walked,
  walkHoldSeconds,
  walkLetters,
} from "./walk-letters.ts";

/** Messages sent back in a second, unless told otherwise: what died together shall not knock the consumer over again. */
export const defaultRedriveRate = 50;
/** Least and most of it. Least: a message must be sent while it is still hidden. */
export const redriveRates = { least: 0.1, most: 1_000 } as const;

/** Faster than this, several batches are received side by side. */
const manyPerSecond = 20;

/** The consumer's own queue takes nothing, or a rate cannot be. */
export class RedriveError extends OmnibusError {}

/**
 * Sends dead letters back to their consumer's queue: body byte for byte, attributes and group kept, at most `perSecond`.
 * Each is deleted when, and only when, SQS has taken it: killed at any moment, nothing is lost, and at worst a batch of
 * ten is sent twice by the next run, which the ledger sees. That next run needs no memory of this one.
 *
 * What dies again while this runs is not sent again by it. Of an ordered queue each group goes in order, and stops at
 * the first message that is refused. `look` is what `lookAtDeadLetters` has found for the same selection.
 *
 * Throws `RedriveError` for an impossible rate and for a consumer without a queue.
 */
export async function redriveDeadLetters({
  client,
  consumer,
  look,
  selection = {},
  perSecond = defaultRedriveRate,
  onProgress,
  waitSeconds,
  holdSeconds = walkHoldSeconds,
  signal,
  clock = systemClock,
}: LetterQuery & {
  readonly look: LetterLook;
  readonly perSecond?: number;
  /** How long messages stay hidden when this process is killed. @default 30 */
  readonly holdSeconds?: number;
  readonly onProgress?: (counts: WalkCounts) => void;
}): Promise<MoveResult> {
  if (!(perSecond >= redriveRates.least && perSecond <= redriveRates.most)) {
    throw new RedriveError(
      "redrive-rate",
      `the rate is ${perSecond} a second; ${redriveRates.least} to ${redriveRates.most} are allowed`,
    );
  }
  const startedAtMs = clock.nowMs();
  const pacer = createPacer(perSecond, clock);
  const walks: Walked[] = [];
  for (const place of placesOf(consumer, selection.kind)) {
    const found = look.places.find(({ kind }) => kind === place.kind);
    if (found === undefined || found.selected + found.unseen === 0) continue;
    const target = await targetUrl(client, place.targetName);
    const before = moveResult(look, walks);
    const walked = await walkLetters({
      client,
      place,
      // Later ones have died since: again, perhaps.
      isMeant: (letter) => letter.sentAtMs <= startedAtMs && isSelected(letter, selection),
      act: async (letters): Promise<readonly ActResult[]> => {
        if (!(await pacer.turn(letters.length, signal))) return letters.map(() => undefined);
        const entries = letters.map((letter, index) => redrivenMessage(letter, String(index), place.fifo));
        return sendAll(client, target, entries);
      },
      planned: found.unseen === 0 ? found.selected : undefined,
      // What is received has to be sent before it shows again.
      lanes: perSecond >= manyPerSecond ? 4 : 1,
      receive: Math.min(sqs.batchEntries, Math.max(1, Math.floor((perSecond * holdSeconds) / 3))),
      batch: place.fifo ? 1 : Math.min(sqs.batchEntries, Math.max(1, Math.floor(perSecond / 5))),
      waitSeconds,
      holdSeconds,
      signal,
      clock,
      onProgress: (counts) =>
        onProgress?.({
          moved: before.moved + counts.moved,
          failed: before.failed + counts.failed,
          undeleted: before.undeleted + counts.undeleted,
        }),
    });
    walks.push(walked);
  }
  return moveResult(look, walks);
}

async function targetUrl(client: SQSClient, queueName: string): Promise<string> {
  try {
    return await queueUrl(client, queueName);
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new RedriveError(
      "queue-missing",
      `there is no queue ${queueName} to send dead letters to: deploy the consumer again first`,
      { cause },
    );
  }
}

/** Sends a batch; answers for each whether it was taken, or why not. */
async function sendAll(
  client: SQSClient,
  QueueUrl: string,
  Entries: SendMessageBatchRequestEntry[],
): Promise<readonly ActResult[]> {
  try {
    const { Successful = [], Failed = [] } = await client.send(
      new SendMessageBatchCommand({ QueueUrl, Entries }),
    );
    return Entries.map(({ Id }) => {
      if (Successful.some((one) => one.Id === Id)) return true;
      const failure = Failed.find((one) => one.Id === Id);
      return `${failure?.Code ?? "not taken"}: ${failure?.Message ?? ""}`;
    });
  } catch (thrown) {
    // Together they may be too large, or one of them may spoil the call for all.
    if (Entries.length > 1 && isRefusal(thrown)) {
      const alone = await Promise.all(Entries.map((entry) => sendAll(client, QueueUrl, [entry])));
      return alone.flat();
    }
    const { name, message } = describeError(thrown);
    return Entries.map(() => `${name}: ${message}`);
  }
}

/** Whether the call was at fault, and not the way there. */
function isRefusal(thrown: unknown): boolean {
  return thrown instanceof Error && "$fault" in thrown && thrown.$fault === "client";
}

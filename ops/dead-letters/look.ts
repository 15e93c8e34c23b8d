import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Clock } from "../../src/clock.ts";
import type { ConsumerRef } from "../find-consumers.ts";
import { peekQueue } from "../peek-queue.ts";
import { type DeadLetter, type DeadLetterKind, readDeadLetter } from "./dead-letter.ts";
import { groupLetters, type LetterGroup } from "./group-letters.ts";
import { type DeadLetterPlace, placesOf } from "./places.ts";
import { isSelected, type Selection } from "./selection.ts";

/** What was found in one of a consumer's queues. */
export interface PlaceLook {
  readonly kind: DeadLetterKind;
  readonly queueName: string;
  readonly selected: number;
  readonly seen: number;
  readonly unseen: number;
}

/** What a look at a consumer's dead letters has found. */
export interface LetterLook {
  /** Of the dead letters that are meant, largest first. */
  readonly groups: readonly LetterGroup[];
  /** How many are meant. */
  readonly selected: number;
  /** How many were seen. */
  readonly seen: number;
  /** How many could not be: somebody else has received them, or they wait behind others of their ordered group. */
  readonly unseen: number;
  /** The same numbers queue by queue. */
  readonly places: readonly PlaceLook[];
  /** Queues that are not there, by name. */
  readonly missing: readonly string[];
}

/** What the verbs on dead letters have in common. */
export interface LetterQuery {
  readonly client: SQSClient;
  readonly consumer: ConsumerRef;
  readonly selection?: Selection;
  /** How long an empty queue is waited for. @default 1, so that AWS asks all of its servers */
  readonly waitSeconds?: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/**
 * Looks at a consumer's dead letters, both queues, and hands all of them back; `see` is called for each that is meant.
 * Nothing is changed but SQS's count of receives, which dead-letter queues do not go by.
 */
export async function lookAtDeadLetters({
  client,
  consumer,
  selection = {},
  see,
  ...options
}: LetterQuery & { readonly see?: (letter: DeadLetter) => void }): Promise<LetterLook> {
  const gathered = groupLetters();
  const missing: string[] = [];
  const lookAt = async ({ kind, queueName }: DeadLetterPlace): Promise<PlaceLook> => {
    let selected = 0;
    const peeking = peekQueue({
      client,
      queueName,
      see: (message) => {
        const letter = readDeadLetter(message, kind);
        if (!isSelected(letter, selection)) return;
        selected += 1;
        gathered.add(letter);
        see?.(letter);
      },
      ...options,
    });
    const peeked = await peeking.catch((thrown: unknown) => {
      if (!isMissing(thrown)) throw thrown;
      missing.push(queueName);
      return { seen: 0, unseen: 0 };
    });
    return { kind, queueName, selected, ...peeked };
  };
  const places = await Promise.all(placesOf(consumer, selection.kind).map(lookAt));
  const sumOf = (count: "selected" | "seen" | "unseen") =>
    places.reduce((sum, place) => sum + place[count], 0);
  return {
    groups: gathered.groups(),
    selected: sumOf("selected"),
    seen: sumOf("seen"),
    unseen: sumOf("unseen"),
    places,
    missing: missing.sort(),
  };
}

/** Whether an answer of SQS says that there is no such queue. */
export function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && /NonExistentQueue|QueueDoesNotExist/.test(thrown.name);
}

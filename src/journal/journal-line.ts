import { effectiveTime } from "../segments/index.ts";
import type { Completion } from "./completion.ts";

const dayMs = 86_400_000;
/** An event's own time counts, unless it lies further from its completion: no queue keeps an event that long. */
const bounds = { beforeMs: 90 * dayMs, afterMs: dayMs };
const hashLength = 32;

/** How far from its effective time a line may be written: `bounds`, and the day that a stream keeps changes. */
export const journaledWithin = { beforeMs: bounds.afterMs, afterMs: bounds.beforeMs + 2 * dayMs };

/**
 * One line of the journal, as JSON: what a consumer has completed, and how. Its JSON Schema is
 * `schema/journal-line.schema.json`.
 */
export interface JournalLine {
  /** Effective time, RFC 3339 with milliseconds: the event's own, unless it is too far from `completed`. */
  readonly time: string;
  readonly completed: string;
  readonly consumer: string;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly state: "done" | "dead";
  /** Started runs. */
  readonly attempts: number;
  /** The first 32 hex characters of `dataHash`. */
  readonly hash: string;
  /** Why it is dead. */
  readonly reason?: string;
  /** The replay that ran it again, where one did. */
  readonly replay?: string;
  /** The event's own time, where `time` is not it. */
  readonly eventTime?: string;
}

/** The line of a completion. */
export function journalLine(completion: Completion): JournalLine {
  const { completedMs, time, hash, reason, replay, consumer, source, id, type, state, attempts } = completion;
  const { timeMs, isOwn } = effectiveTime(time, completedMs, bounds);
  return {
    time: new Date(timeMs).toISOString(),
    completed: new Date(completedMs).toISOString(),
    consumer,
    source,
    id,
    type,
    state,
    attempts,
    hash: hash.slice(0, hashLength),
    ...(reason === undefined ? {} : { reason }),
    ...(replay === undefined ? {} : { replay }),
    ...(isOwn ? {} : { eventTime: time }),
  };
}

/** The effective time of an event that was completed then. */
export function completionTime(time: string, completedMs: number): number {
  return effectiveTime(time, completedMs, bounds).timeMs;
}

/** Reads a line of the journal. */
export function parseJournalLine(bytes: Buffer): JournalLine {
  return JSON.parse(bytes.toString()) as JournalLine;
}

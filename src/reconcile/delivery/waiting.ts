import type { MessageCounts } from "./ports.ts";

/** Says of an event of some time why it may still wait; `undefined`: it does not. */
export type Waiting = (timeMs: number) => string | undefined;

/** What decides about whether an event may still be in a queue. */
export interface QueueState {
  readonly queue: string;
  /** `undefined`: there is no such queue; `unknown`: it could not be asked. */
  readonly counts: MessageCounts | "unknown" | undefined;
  /** Whoever works through it has come that far: effective time. `undefined`: it has done nothing of late. */
  readonly frontMs: number | undefined;
  /** Queues are not strictly in order: what is older than the front by more than this has been passed. */
  readonly slackMs: number;
}

/** Whether events may wait in a queue. An empty one holds nothing back, and one that is worked through, nothing old. */
export function waitsInQueue({ queue, counts, frontMs, slackMs }: QueueState): Waiting {
  return (timeMs) => {
    if (counts === undefined) return undefined;
    if (counts === "unknown") return `whether it waits in ${queue} could not be asked`;
    const messages = counts.visible + counts.hidden;
    if (messages === 0) return undefined;
    if (frontMs !== undefined && timeMs + slackMs < frontMs) return undefined;
    const far = frontMs === undefined ? "" : `, which has been worked through up to ${isoOf(frontMs)}`;
    return `it may be one of the ${messages} messages in ${queue}${far}`;
  };
}

/** From which effective time on nothing can be said, since so much waits that looking key by key would take for ever. */
export function waitsInBulkFromMs({ counts, frontMs, slackMs }: QueueState): number | undefined {
  if (counts === undefined || counts === "unknown" || counts.visible < bulk) return undefined;
  return frontMs === undefined ? 0 : frontMs - slackMs;
}

/** More than this is a backlog. */
const bulk = 1_000;

/** Why an event may wait by any of these; the first reason. */
export function anyOf(...all: readonly Waiting[]): Waiting {
  return (timeMs) => {
    for (const one of all) {
      const reason = one(timeMs);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };
}

/** Whether events may wait in parked groups: those that came since the first of these was parked. */
export function waitsParked(
  consumer: string,
  parked: { readonly groups: number; readonly oldestMs: number } | undefined,
  slackMs: number,
): Waiting {
  return (timeMs) =>
    parked && timeMs + slackMs >= parked.oldestMs
      ? `it may wait in one of the ${parked.groups} parked groups of ${consumer} (bus dlq list)`
      : undefined;
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

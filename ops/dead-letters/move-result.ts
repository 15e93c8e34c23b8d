import type { LetterLook } from "./look.ts";
import type { Walked } from "./walk-letters.ts";

/** What became of the dead letters that were meant. */
export interface MoveResult {
  /** Sent back (or purged), and no dead letters any more. */
  readonly moved: number;
  /** Refused: still dead letters. */
  readonly failed: number;
  /** Sent back, and SQS did not delete them: done again, they are sent a second time, which the ledger sees. */
  readonly undeleted: number;
  /** Not come to. */
  readonly left: number;
  /** Not seen: somebody else has received them, or they came since. */
  readonly unseen: number;
  /** Why something failed, most often first. */
  readonly errors: readonly { readonly message: string; readonly count: number }[];
}

/** Sums up the walks through a consumer's queues. */
export function moveResult(look: LetterLook, walks: readonly Walked[]): MoveResult {
  const sum = (count: "moved" | "failed" | "undeleted" | "unseen") =>
    walks.reduce((total, walk) => total + walk[count], 0);
  const [moved, failed, undeleted] = [sum("moved"), sum("failed"), sum("undeleted")];
  const errors = new Map<string, number>();
  for (const walk of walks) {
    for (const [message, count] of walk.errors) errors.set(message, (errors.get(message) ?? 0) + count);
  }
  return {
    moved,
    failed,
    undeleted,
    left: Math.max(0, look.selected - moved - failed - undeleted),
    unseen: sum("unseen"),
    errors: [...errors].map(([message, count]) => ({ message, count })).sort((a, b) => b.count - a.count),
  };
}

import type { DeadLetter, DeadLetterKind } from "./dead-letter.ts";

/** Dead letters that died of the same thing. */
export interface LetterGroup {
  readonly group: string;
  readonly kind: DeadLetterKind;
  readonly type: string;
  readonly reason: string;
  /** The error's name, and its message with placeholders. */
  readonly error: { readonly name: string; readonly pattern: string } | undefined;
  readonly count: number;
  /** When the first and the last of them died. */
  readonly oldestAtMs: number;
  readonly newestAtMs: number;
  /** The message as one of them has it. */
  readonly example: string;
}

/** Gathers dead letters into groups, one at a time: a queue may hold more than fits into memory. */
export function groupLetters(): { add(letter: DeadLetter): void; groups(): readonly LetterGroup[] } {
  const groups = new Map<string, LetterGroup>();
  return {
    add(letter) {
      const { group, kind, type, reason, error, pattern, diedAtMs } = letter;
      const known = groups.get(`${kind} ${group}`);
      groups.set(`${kind} ${group}`, {
        group,
        kind,
        type,
        reason,
        error: error && { name: error.name, pattern },
        count: (known?.count ?? 0) + 1,
        oldestAtMs: Math.min(known?.oldestAtMs ?? diedAtMs, diedAtMs),
        newestAtMs: Math.max(known?.newestAtMs ?? diedAtMs, diedAtMs),
        example: known?.example ?? error?.message ?? "",
      });
    },
    /** Largest first. */
    groups: () =>
      [...groups]
        .sort(([keyA, a], [keyB, b]) => b.count - a.count || (keyA < keyB ? -1 : 1))
        .map(([, group]) => group),
  };
}

import type { DeadLetter, DeadLetterKind } from "./dead-letter.ts";

/** Which dead letters are meant; what is left out does not narrow. */
export interface Selection {
  /** The group's digits, or their beginning. */
  readonly group?: string | undefined;
  readonly type?: string | undefined;
  /** An event's id, or SQS's own id of the message. */
  readonly id?: string | undefined;
  /** Part of the error's name or message, or of the reason; upper and lower case are the same. */
  readonly error?: string | undefined;
  /** Died at this moment or later; before this moment. */
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly kind?: DeadLetterKind | undefined;
}

/** Whether a dead letter is meant. */
export function isSelected(letter: DeadLetter, selection: Selection): boolean {
  const { group, type, id, error, sinceMs, untilMs, kind } = selection;
  return (
    (kind === undefined || letter.kind === kind) &&
    (group === undefined || letter.group.startsWith(group.toLowerCase())) &&
    (type === undefined || letter.type === type) &&
    (id === undefined || letter.messageId === id || letter.ids.includes(id)) &&
    (error === undefined || errorText(letter).includes(error.toLowerCase())) &&
    (sinceMs === undefined || letter.diedAtMs >= sinceMs) &&
    (untilMs === undefined || letter.diedAtMs < untilMs)
  );
}

function errorText({ reason, error }: DeadLetter): string {
  return [reason, error?.name, error?.message].join("\n").toLowerCase();
}

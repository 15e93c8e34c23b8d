import { createHash } from "node:crypto";

/** What one dead letter has in common with others: its group, and the message without what differs from one to the next. */
export interface Fingerprint {
  /** Eight hexadecimal digits; the same on every machine and in every run. */
  readonly group: string;
  /** The error's message, with placeholders. */
  readonly pattern: string;
}

/** Longer messages are told apart by their beginning alone: a stack in a message would make every group its own. */
const comparedCharacters = 500;

/** Most telling first: a UUID in quotes is a quoted value, a UUID is no number. */
const placeholders: readonly (readonly [pattern: RegExp, placeholder: string])[] = [
  // An apostrophe inside a word opens nothing: can't.
  [/"(?:[^"\\\n]|\\.)*"|`[^`\n]*`|(?<!\w)'(?:[^'\\\n]|\\.)*'(?!\w)/g, "<value>"],
  [/\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b/gi, "<uuid>"],
  [/\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?/g, "<time>"],
  // Words with a digit in them: o-17, ord_8f3a, 0x1F.
  [/(?<![\w.-])(?=[\w-]*\d)(?=[\w-]*[a-z_])\w+(?:-\w+)*/gi, "<id>"],
  // With a unit, or without: 1.5s, -3.
  [/(?<![\w.-])[-+]?\d+(?:[.,]\d+)*[a-z]*/gi, "<n>"],
];

/** Colours and moves of a terminal, and whatever else has no picture. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to find
const unseen = /\u001b\[[0-?]*[ -/]*[@-~]|[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g;

/** The message without quoted values, ids, times and numbers: what stays is the same whenever the same thing went wrong. */
export function normalizeMessage(message: string): string {
  let text = message.slice(0, comparedCharacters).replace(unseen, "");
  for (const [pattern, placeholder] of placeholders) text = text.replace(pattern, placeholder);
  return text.replace(/\s+/g, " ").trim();
}

/** Line and column of a place in a stack: another version of the code has others for the same thing. */
const position = /:\d+:\d+(?=\)?$)/;

/** Dead letters of one type that died of the same thing, in the same function, have one fingerprint. */
export function fingerprintOf({
  type,
  reason,
  error,
}: {
  readonly type: string;
  readonly reason: string;
  readonly error: { readonly name: string; readonly message: string; readonly at?: string } | undefined;
}): Fingerprint {
  const pattern = normalizeMessage(error?.message ?? "");
  const place = error?.at?.replace(position, "");
  const group = createHash("sha256")
    .update(
      JSON.stringify([type, reason, error?.name ?? "", pattern, ...(place === undefined ? [] : [place])]),
    )
    .digest("hex")
    .slice(0, 8);
  return { group, pattern };
}

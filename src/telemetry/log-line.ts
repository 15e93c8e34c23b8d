import { type Sink, standardOutput } from "./sink.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** What a log line may carry: flat and plain, so that an event's data cannot slip in whole. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** A longer text is cut: an error's message may quote what it was given. In characters. */
const maxTextLength = 2_000;

/** What JSON leaves as it is, though terminals obey it: C1 controls, line separators, and marks that turn text around. */
const unsafe = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Writes one JSON line: `level`, `time` (RFC 3339), then the fields. It is always one line and always safe to show
 * in a terminal: control characters are escaped. Never hand it an event's data.
 *
 * @example
 * logLine("info", { outcome: "handled", type: event.type, id: event.id }, { timeMs: clock.nowMs() });
 */
export function logLine(
  level: LogLevel,
  fields: LogFields,
  { timeMs, sink = standardOutput }: { readonly timeMs: number; readonly sink?: Sink },
): void {
  const line: Record<string, LogFields[string]> = { level, time: new Date(timeMs).toISOString() };
  for (const [name, value] of Object.entries(fields)) {
    if (name === "level" || name === "time") continue;
    line[name] = typeof value === "string" ? cut(value) : value;
  }
  sink(JSON.stringify(line).replace(unsafe, escapeCharacter));
}

function cut(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}… (${text.length} characters)`;
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

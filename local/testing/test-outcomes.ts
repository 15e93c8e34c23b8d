/** What became of one delivery of one event to one consumer. */
export interface TestOutcome {
  readonly consumer: string;
  readonly outcome: "handled" | "duplicate" | "retry" | "parked" | "dead";
  /** The event's id; `undefined` for a message that is no event. */
  readonly id: string | undefined;
  readonly type: string | undefined;
  /** Which started run it was, from 1. */
  readonly attempt: number;
  /** Why it comes again, or is dead. */
  readonly reason: string | undefined;
  /** What was thrown: `TypeError: no stock`. */
  readonly error: string | undefined;
  /** In virtual time. */
  readonly atMs: number;
}

const kinds: ReadonlySet<unknown> = new Set(["handled", "duplicate", "retry", "parked", "dead"]);

/** Reads outcomes out of what a consumer logs, the way an operator would. Other lines, metrics among them, are left. */
export function readOutcomes(text: string): readonly TestOutcome[] {
  return text
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(isOutcome)
    .map((line) => ({
      consumer: String(line.consumer),
      outcome: line.outcome as TestOutcome["outcome"],
      id: textOf(line.id),
      type: textOf(line.type),
      attempt: Number(line.attempt),
      reason: textOf(line.reason),
      error: line.error === undefined ? undefined : `${line.error}: ${line.message}`,
      atMs: Date.parse(String(line.time)),
    }));
}

/** A handler's own line has a message; an outcome's has one with an error only. */
function isOutcome(line: Record<string, unknown>): boolean {
  return kinds.has(line.outcome) && (line.message === undefined || line.error !== undefined);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Where a drill plays: what it says and shows, and when it has to end. The CLI's terminal is one. */
export interface Stage {
  /** Prose and progress. */
  say(text: string): void;
  /** The result for people. */
  print(text: string): void;
  /** The result for programs: one line of JSON. */
  printJson(value: unknown): void;
  /** Bytes as they are, for a display that moves the cursor. */
  draw(text: string): void;
  /** Whether the display can be redrawn. */
  readonly screen: { readonly columns: number } | undefined;
  /** When the process started, in milliseconds since the epoch. */
  readonly startedAtMs: number;
  /** Aborted when the drill has to end at once. */
  readonly signal: AbortSignal;
}

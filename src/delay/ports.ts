/** Where delayed events wait: a queue, in front of the function that passes them on. */
export interface DelayQueue {
  /**
   * Hands a message over, to be received after `delaySeconds` (0 to 900). Answers the queue's id of it. At least once: one whose
   * answer was lost may have been taken. Throws when it was not taken.
   */
  send(body: string, delaySeconds: number): Promise<string>;
}

/** What is decided about a delayed event: it is sent, or it never will be. */
export type DelayState = "sent" | "cancelled";

/** Decisions about delayed events, each made once. */
export interface DelayStates {
  /**
   * Decides, if nothing is decided yet, and answers what stands. Atomic: of two who ask at once, both are answered the same.
   * It is kept until `expiresMs` at least. Throws when nothing is known.
   */
  decide(key: string, to: DelayState, expiresMs: number): Promise<DelayState>;
  /** What is decided now; `undefined`: nothing. Changes nothing. Throws when nothing is known. */
  read(key: string): Promise<DelayState | undefined>;
}

/** Timers for what a queue does not hold: longer than 15 minutes. */
export interface DelaySchedules {
  /**
   * Puts `body` into the delay queue at `atMs`, once, rounded up to the second; AWS may take a minute longer. A schedule of that
   * name that is there already stays as it is. Throws when it was not taken.
   */
  put(name: string, atMs: number, body: string): Promise<void>;
}

/** The same timers as they stand, for people who look. */
export interface KeptSchedules {
  /** The names that begin so, in no order. One that comes or goes meanwhile may be left out. Throws when nothing is known. */
  names(prefix: string): AsyncIterable<string>;
  /** What a schedule will hand to the queue; `undefined` when it is not there (any more). */
  read(name: string): Promise<string | undefined>;
  /** Takes a schedule away: it hands over nothing. `false` when it was not there (any more). */
  remove(name: string): Promise<boolean>;
}

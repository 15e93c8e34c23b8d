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
}

/** Timers for what a queue does not hold: longer than 15 minutes. */
export interface DelaySchedules {
  /**
   * Puts `body` into the delay queue at `atMs`, once, rounded up to the second; AWS may take a minute longer. A schedule of that
   * name that is there already stays as it is. Throws when it was not taken.
   */
  put(name: string, atMs: number, body: string): Promise<void>;
}

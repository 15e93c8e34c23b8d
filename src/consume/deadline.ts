import type { Clock } from "../clock.ts";

/**
 * The end of one invocation, in three steps:
 *
 * ```
 *  start ──────────────── nothing new starts, `signal` aborts ──── `over` ──── Lambda's own timeout
 *                         │◀──────────────── margin ─────────────────────────▶│
 *                         │◀─── half: handlers wind up ──▶│◀─ half: flush ───▶│
 * ```
 */
export interface Deadline {
  /** Whether there is time to start a handler. */
  mayStart(): boolean;
  /** Aborted when the margin begins. */
  readonly signal: AbortSignal;
  /** Resolves half a margin later: whatever runs now will not be waited for. */
  readonly over: Promise<void>;
  /** Until Lambda ends the invocation. */
  remainingMs(): number;
  /** Ends its timers. */
  dispose(): void;
}

/** Makes the `Deadline` of an invocation that has `remainingMs` left. */
export function createDeadline(clock: Clock, remainingMs: number, marginMs: number): Deadline {
  const endsMs = clock.nowMs() + remainingMs;
  const controller = new AbortController();
  const cancelAbort = clock.after(Math.max(0, remainingMs - marginMs), () => {
    controller.abort(new Error(`less than ${marginMs} ms of the invocation are left`));
  });
  let cancelOver = () => {};
  const over = new Promise<void>((resolve) => {
    cancelOver = clock.after(Math.max(0, remainingMs - marginMs / 2), resolve);
  });
  return {
    mayStart: () => endsMs - clock.nowMs() >= marginMs,
    signal: controller.signal,
    over,
    remainingMs: () => Math.max(0, endsMs - clock.nowMs()),
    dispose: () => {
      cancelAbort();
      cancelOver();
    },
  };
}

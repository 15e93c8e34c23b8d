/** The moment at which one start is allowed. */
export interface Slot {
  /** Milliseconds since the epoch, rounded up. Later than at first, where the ones before have passed unused. */
  readonly startMs: number;
  /**
   * Waits for the moment. `start`: start *now*, before anything else is awaited; this is asked once. `late`: it has
   * passed (a stall, a late timer), and there is no other one in its row. `aborted`: the signal, or the slot was given
   * back.
   */
  wait(signal?: AbortSignal): Promise<"start" | "late" | "aborted">;
}

/** One start that a reservation owns, by this process's wall clock. Milliseconds since the epoch. */
export interface OwnedStart {
  readonly startMs: number;
  /** Later, it is given up. */
  readonly lastMs: number;
  used: boolean;
}

/**
 * A start at `startMicros`. `latenessMs` is what it may be late by; the clock's own grain is on the safe side, here and in
 * the spacing.
 */
export function ownedStart(startMicros: number, latenessMs: number): OwnedStart {
  return {
    startMs: Math.ceil(startMicros / 1_000),
    lastMs: Math.floor(startMicros / 1_000) + latenessMs,
    used: false,
  };
}

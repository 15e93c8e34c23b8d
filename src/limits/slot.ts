import { type Clock, sleep } from "../clock.ts";

/** The moment at which one start is allowed. */
export interface Slot {
  /** Milliseconds since the epoch, rounded up. */
  readonly startMs: number;
  /**
   * Waits for the moment. `start`: start *now*, before anything else is awaited; this is asked once. `late`: it has
   * passed (a stall, a late timer) and is given up. `aborted`: the signal, or the slot was given back.
   */
  wait(signal?: AbortSignal): Promise<"start" | "late" | "aborted">;
}

/** A slot that knows whether it was used. */
export interface OwnedSlot extends Slot {
  readonly used: boolean;
  /** From now on it cannot be used. */
  revoke(): void;
}

/**
 * One slot at `startMicros` by this process's wall clock. `latenessMs` is what a start may be late by; the clock's own
 * grain is on the safe side, here and in the spacing.
 */
export function ownedSlot({
  startMicros,
  latenessMs,
  clock,
}: {
  readonly startMicros: number;
  readonly latenessMs: number;
  readonly clock: Clock;
}): OwnedSlot {
  const startMs = Math.ceil(startMicros / 1_000);
  const lastMs = Math.floor(startMicros / 1_000) + latenessMs;
  let state: "free" | "used" | "revoked" = "free";

  return {
    startMs,
    get used() {
      return state === "used";
    },
    revoke() {
      if (state === "free") state = "revoked";
    },
    async wait(signal) {
      // Timers may fire early: what counts is what the clock reads afterwards.
      while (clock.nowMs() < startMs) {
        if (signal?.aborted || state !== "free") return "aborted";
        await sleep(clock, startMs - clock.nowMs(), signal);
      }
      if (signal?.aborted || state !== "free") return "aborted";
      if (clock.nowMs() > lastMs) {
        state = "revoked";
        return "late";
      }
      state = "used";
      return "start";
    },
  };
}

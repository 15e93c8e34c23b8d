import { delayLimits, encodeDelayed } from "../delay/index.ts";
import { InvalidEventError } from "../errors.ts";
import { scheduler } from "../limits-of-aws.ts";
import type { Measured } from "./refuse-message.ts";

/**
 * Refuses what cannot wait until it is due. Beyond 15 minutes it waits in a schedule: that takes less than a message, and outlives no
 * claim. Throws `InvalidEventError` (`delay`).
 */
export function refuseDelay({ message, heldBytes = 0 }: Measured, dueMs: number, nowMs: number): void {
  if (dueMs - nowMs <= delayLimits.queueMs) return;
  const { id, type } = message;
  const about = `event ${id} (${type}) is due in more than ${delayLimits.queueMs / 60_000} minutes`;
  if (heldBytes > 0) {
    throw new InvalidEventError(
      "delay",
      `${about}, and its data is too large for a message: what is kept for it could expire before; delay a smaller event that says where the data is`,
    );
  }
  const bytes = Buffer.byteLength(encodeDelayed(message, dueMs));
  if (bytes > scheduler.inputBytes) {
    throw new InvalidEventError(
      "delay",
      `${about}, and takes ${bytes} bytes with all that it is sent with; ${scheduler.inputBytes} are allowed: send less`,
    );
  }
}

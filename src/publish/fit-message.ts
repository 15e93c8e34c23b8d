import type { ClaimWriter } from "../claim-check/index.ts";
import type { WireMessage } from "../contract/index.ts";
import { messageBytes } from "./message-size.ts";
import { type Measured, measure } from "./refuse-message.ts";

/**
 * Measures a message as `measure` does; of one that is too large the data is taken out first, if there is a writer for it. Its data has
 * to be stored before the message that is answered is sent.
 */
export function fitMessage(
  message: WireMessage,
  maxBytes: number,
  writer: ClaimWriter | undefined,
): Measured {
  if (!writer || messageBytes(message) <= maxBytes) return measure(message, maxBytes);
  const claiming = writer.checkIn(message);
  return { ...measure(claiming, maxBytes), heldBytes: writer.heldBytes(claiming) };
}

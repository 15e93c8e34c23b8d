import type { WireMessage } from "../contract/index.ts";
import { InvalidEventError } from "../errors.ts";
import { sns } from "../limits-of-aws.ts";
import { isFifo } from "../names.ts";
import { messageBytes } from "./message-size.ts";

/** The one attribute of ours, which is added on the way; the rest of the ten belong to the user. */
const ownAttribute = "omnibus";

/** A message that may be sent, measured. */
export interface Measured {
  readonly message: WireMessage;
  readonly bytes: number;
  /** What is held of it beside the message, in bytes, until it is sent: data that is checked in. */
  readonly heldBytes?: number;
}

/**
 * Measures a message, and refuses one that SNS or raw delivery would refuse or drop: too large for the topic, too
 * many attributes, or without a group on an ordered topic. Throws `InvalidEventError` with the code `too-large`,
 * `too-many-attributes` or `no-partition-key`.
 */
export function measure(message: WireMessage, maxBytes: number): Measured {
  const bytes = messageBytes(message);
  if (bytes > maxBytes) {
    throw new InvalidEventError(
      "too-large",
      `event ${message.id} (${message.type}) takes ${bytes} bytes with its attributes; topic ${message.topic} takes ${maxBytes}; send less, or raise the topic's MaximumMessageSize and maxBytes with it, or have a bus with claims: there a publisher of createPublisher({ claims: true }), and what a handler emits, keep such data in S3`,
    );
  }
  let users = 0;
  for (const name in message.attributes) if (name !== ownAttribute) users++;
  if (users >= sns.rawAttributes) {
    throw new InvalidEventError(
      "too-many-attributes",
      `event ${message.id} (${message.type}) has ${users} message attributes; ${sns.rawAttributes - 1} are allowed (raw delivery drops a message with more than ${sns.rawAttributes}, and one is kept for Omnibus); make fewer fields filterable`,
    );
  }
  if (message.groupId === undefined && isFifo(message.topic)) {
    throw new InvalidEventError(
      "no-partition-key",
      `event ${message.id} (${message.type}) has no partition key, and topic ${message.topic} is ordered: give partitionkey, the thing whose events must keep their order`,
    );
  }
  return { message, bytes };
}

import { sqs } from "../limits-of-aws.ts";

/**
 * How large and how nested an event may be. Publishers refuse what is over, and so do consumers: whatever was
 * sealed can be decoded. Lengths in UTF-16 code units.
 */
export const eventLimits = {
  /** The largest message that a queue takes. */
  maxBytes: sqs.maxMessageBytes,
  /** Objects and arrays inside each other; the envelope is the first, its data the second. */
  maxDepth: 32,
  /** Keys of all objects of one event, the envelope's included. */
  maxKeys: 2_000,
  /** Events in one message. */
  maxBatch: 1_000,
  maxTypeLength: 128,
  maxIdLength: 256,
  maxSourceLength: 1_024,
  maxSubjectLength: 1_024,
  /** `correlationid`, `causationid`, `partitionkey`, `traceparent`. */
  maxExtensionLength: 256,
  /** Events that stand between an event and the first of its chain: beyond it, the chain is a circle. */
  maxHop: 255,
} as const;

/** Keys that reach into an object's prototype when they are copied without care. */
export function isForbiddenKey(key: string): boolean {
  return key === "__proto__" || key === "constructor" || key === "prototype";
}

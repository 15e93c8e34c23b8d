import type { WireMessage } from "../contract/index.ts";

/**
 * The bytes of a message as SNS counts them against the topic's limit: the body, and each attribute's name, type
 * and value. (sns-large-payload)
 */
export function messageBytes(message: WireMessage): number {
  let bytes = Buffer.byteLength(message.body);
  for (const name in message.attributes) {
    const value = message.attributes[name];
    // "String" and "Number", the two types that we send, have six letters each.
    bytes += Buffer.byteLength(name) + 6 + Buffer.byteLength(String(value));
  }
  return bytes;
}

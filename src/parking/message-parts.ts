import type { ParkedMessage } from "./ports.ts";

/** UTF-16 units of one part: at most 3 bytes each, so that an item stays below DynamoDB's 400 KB. */
const partLength = 120_000;

/** A message as text, in parts that an item can hold. SQS takes messages that are larger than an item. */
export function partsOf({
  messageId,
  body,
  attributes,
  messageAttributes,
}: ParkedMessage): readonly string[] {
  const text = JSON.stringify({ messageId, body, attributes, messageAttributes });
  const parts: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + partLength, text.length);
    // A surrogate pair that is cut in two would be two lost characters.
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end--;
    parts.push(text.slice(at, end));
    at = end;
  }
  return parts;
}

/** The message that was taken apart. */
export function messageOf(parts: readonly string[]): ParkedMessage {
  return JSON.parse(parts.join("")) as ParkedMessage;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

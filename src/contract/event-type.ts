import { eventLimits } from "./event-limits.ts";

/** Noun and past tense, in lower-case words with dots between them: `order.created`, `line-item.shipped`. */
export const eventTypePattern = /^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)+$/;

/** Whether `text` can be the type of an event. */
export function isEventType(text: string): boolean {
  return text.length <= eventLimits.maxTypeLength && eventTypePattern.test(text);
}

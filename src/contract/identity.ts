import type { Envelope } from "./envelope.ts";

/**
 * What makes an event itself, as one string: source and id, each ended by a line feed. Two events are the same
 * if and only if these are equal, since neither part can hold a line feed.
 */
export function identityOf(event: Pick<Envelope, "source" | "id">): string {
  return `${event.source}\n${event.id}\n`;
}

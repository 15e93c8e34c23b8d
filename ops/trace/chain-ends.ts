import { type JournalLine, parseJournalLine } from "../../src/journal/index.ts";
import type { Line, Segments } from "../../src/segments/index.ts";
import { matchingLines } from "../archive/matching-lines.ts";
import type { ChainEvent } from "./chain-events.ts";

/** The journal's lines about these events, by event and then by time. A line stands at its event's own time. */
export async function chainEnds(
  journal: Segments,
  events: readonly ChainEvent[],
  { onLine }: { readonly onLine?: ((line: Line) => void) | undefined } = {},
): Promise<readonly JournalLine[]> {
  const names = new Set(events.map(({ line }) => eventName(line)));
  // The archive gives up on an event's own time sooner than the journal does.
  const times = events.flatMap(({ line: { time, eventTime = time } }) => [
    Date.parse(time),
    Date.parse(eventTime),
  ]);
  const ends: JournalLine[] = [];
  const span = { fromMs: Math.min(...times), toMs: Math.max(...times) + 1 };
  for await (const { line } of matchingLines(journal, { ...span, matches: () => true, onLine })) {
    const end = parseJournalLine(line.bytes);
    if (names.has(eventName(end))) ends.push(end);
  }
  return ends.sort((one, other) => (one.completed < other.completed ? -1 : 1));
}

/** What tells one event from another. */
export function eventName({ source, id }: { readonly source: string; readonly id: string }): string {
  return `${source}\n${id}`;
}

import { type ArchiveLine, parseArchiveLine } from "../src/archive/index.ts";
import { decodeMessage } from "../src/contract/index.ts";
import { type JournalLine, parseJournalLine } from "../src/journal/index.ts";
import { formatOffset, type ReadLine } from "../src/segments/index.ts";
import { spanText } from "./span-text.ts";

/** A line of the archive or the journal, for people. */
export interface KeptLineText {
  readonly cells: readonly string[];
  /** The event's data, or what came instead of an event. */
  readonly lines: readonly string[];
}

/** Where a line lies: its offset, or `open` while its span is not sealed. */
function placeText({ offset }: ReadLine): string {
  return offset ? formatOffset(offset) : "open";
}

/** A line of the archive: time, topic, type, source and id, offset. */
export function archiveLineText(read: ReadLine): KeptLineText {
  const line = parseArchiveLine(read.line.bytes);
  const { time, topic = "?", type, source, id, problem, messageId, message } = line;
  const data = dataOf(line);
  return {
    cells: [
      time,
      topic,
      type ?? `(${problem ?? "no event"})`,
      source === undefined || id === undefined ? messageId : `${source} ${id}`,
      placeText(read),
    ],
    lines: data === undefined ? message.MessageBody.split("\n") : [JSON.stringify(data)],
  };
}

/** A line of the journal: when it was completed, by whom, how, its event, how long after the event's time, offset. */
export function journalLineText(read: ReadLine): KeptLineText {
  const { time, completed, consumer, state, attempts, reason, type, source, id, replay } = parseJournalLine(
    read.line.bytes,
  );
  const tries = attempts === 1 ? "" : ` after ${attempts} attempts`;
  const why = reason === undefined ? "" : `: ${reason}`;
  const again = replay === undefined ? "" : ` (replay ${replay})`;
  return {
    cells: [
      completed,
      consumer,
      `${state}${tries}${why}${again}`,
      type,
      `${source} ${id}`,
      lateText(Date.parse(completed) - Date.parse(time)),
      placeText(read),
    ],
    lines: [],
  };
}

/** The same for programs: the line's fields without the message, its offset, and the data where it is asked for. */
export function archiveLineJson(read: ReadLine, withData: boolean): Readonly<Record<string, unknown>> {
  const line = parseArchiveLine(read.line.bytes);
  const { message, ...fields } = line;
  const data = withData ? dataOf(line) : undefined;
  return {
    ...fields,
    ...offsetOf(read),
    ...(withData ? (data === undefined ? { body: message.MessageBody } : { data }) : {}),
  };
}

export function journalLineJson(read: ReadLine): Readonly<Record<string, unknown>> {
  const line: JournalLine = parseJournalLine(read.line.bytes);
  return { ...line, criticalMs: Date.parse(line.completed) - Date.parse(line.time), ...offsetOf(read) };
}

function offsetOf({ offset }: ReadLine): { readonly offset?: string } {
  return offset ? { offset: formatOffset(offset) } : {};
}

/** The data of a line's event; `undefined` where it is none. */
function dataOf({ message }: ArchiveLine): unknown {
  const [decoded] = decodeMessage(message.MessageBody);
  return decoded?.ok ? decoded.envelope.data : undefined;
}

function lateText(ms: number): string {
  return ms < 10_000 ? `${ms} ms` : spanText(ms);
}

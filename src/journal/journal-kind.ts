import { SegmentError } from "../errors.ts";
import { type Line, lineFields, type SegmentKind } from "../segments/index.ts";
import type { JournalLine } from "./journal-line.ts";

/** The journal's lines, as segments keep them. */
export const journalKind: SegmentKind = {
  name: "journal",
  parse(bytes) {
    const field = lineFields(bytes, bytes.length);
    const [completed, consumer, source, id, type, state] = [
      field("completed"),
      field("consumer"),
      field("source"),
      field("id"),
      field("type"),
      field("state"),
    ];
    const timeMs = Date.parse(field("time") ?? "");
    if (
      completed === undefined ||
      consumer === undefined ||
      source === undefined ||
      id === undefined ||
      type === undefined ||
      state === undefined ||
      Number.isNaN(timeMs)
    ) {
      throw new SegmentError(
        "bad-line",
        `a line of the journal has no time, completed, consumer, source, id, type or state: it begins with ${bytes.toString("utf8", 0, 80)}`,
      );
    }
    return {
      bytes,
      timeMs,
      // A dead one that is redriven and then done is two completions.
      identity: [consumer, source, id, field("replay") ?? "", state, completed].join("\n"),
      order: completed,
      type,
      odd: field("eventTime") !== undefined,
      // A replay that ran it again is another run: it says nothing about the one that everybody waits for.
      entry:
        field("replay") === undefined
          ? {
              key: `${source}\n${id}`,
              fields: `{"hash":"${field("hash") ?? ""}","type":${JSON.stringify(type)}}`,
              set: `{"consumer":${JSON.stringify(consumer)}}`,
            }
          : undefined,
    };
  },
};

/** A line that was made just now. */
export function lineOf(line: JournalLine): Line {
  return journalKind.parse(Buffer.from(JSON.stringify(line)));
}

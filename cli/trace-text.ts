import type { Trace, TracedConsumer, TracedEnd, TracedEvent } from "../ops/trace/index.ts";
import { oneLine } from "./columns.ts";
import { spanText } from "./span-text.ts";

/** A trace as a tree for people: events, below each its consumers, below each what they emitted. */
export function traceText(trace: Trace): string {
  const firstMs = Math.min(...trace.roots.map(({ time }) => Date.parse(time)));
  const lines = trace.roots.flatMap((root) => eventLines(root, firstMs));
  return [...lines.map(oneIndented), "", summary(trace)].join("\n");
}

function eventLines(event: TracedEvent, firstMs: number): readonly string[] {
  const { type, id, source, subject, time, asked, open, due, publishedAfterMs } = event;
  const sinceMs = Date.parse(time) - firstMs;
  const about = subject === undefined ? "" : ` about ${subject}`;
  const late = publishedAfterMs === undefined ? "" : `  (published ${spanText(publishedAfterMs)} later)`;
  const marks = `${asked ? "  ◀ asked for" : ""}${open ? "  (not sealed yet)" : ""}${late}`;
  const when = sinceMs === 0 ? time : `+${durationText(sinceMs)}`;
  const head = `${type}  ${when}  ${source} ${id}${about}${marks}`;
  if (due !== undefined) return [head, ...branches([[dueText(event)]])];
  const consumers =
    event.consumers.length === 0
      ? [["(no consumer takes it)"]]
      : event.consumers.map((one) => consumerLines(one, firstMs));
  return [head, ...branches(consumers)];
}

function dueText({ due, cancelled }: TracedEvent): string {
  const then = `${due?.slice(0, 19)}Z`;
  return cancelled
    ? `(cancelled: it was due ${then}, and is never published)`
    : `(waits in a schedule: it is published ${then})`;
}

function consumerLines(consumer: TracedConsumer, firstMs: number): readonly string[] {
  const emitted = consumer.emitted.map((event) => eventLines(event, firstMs));
  return [`${consumer.consumer}: ${standingText(consumer)}`, ...branches(emitted)];
}

/** What stands below a line, with the lines of a tree before it. */
function branches(children: readonly (readonly string[])[]): readonly string[] {
  return children.flatMap((lines, at) => {
    const isLast = at === children.length - 1;
    return lines.map((line, n) => `${n === 0 ? (isLast ? "└─ " : "├─ ") : isLast ? "   " : "│  "}${line}`);
  });
}

function standingText({ state, attempts, leaseEnds, reason, ends }: TracedConsumer): string {
  const story = ends.map(endText).join(", then ");
  const last = ends.findLast(({ replay }) => replay === undefined);
  // The journal may lag behind the ledger: what stands now is then told as well.
  if (last?.state === state) return story;
  const before = story === "" ? "" : `${story}, then `;
  const tries = attempts === undefined ? "" : ` after ${triesText(attempts)}`;
  switch (state) {
    case "done":
      return `${before}done${tries} (not in the journal yet)`;
    case "dead":
      return `${before}DEAD${tries}${reason === undefined ? "" : `: ${reason}`} (not in the journal yet)`;
    case "running":
      return `${before}running, ${triesText(attempts ?? 1)}; its claim ends ${leaseEnds}`;
    case "retrying":
      return `${before}waits for its next try${tries}`;
    case "waiting":
      return `${before}not begun: in its queue, or on the way there`;
    case "unknown":
      return story === "" ? "no end is known" : story;
  }
}

function endText({ state, afterMs, attempts, reason, replay }: TracedEnd): string {
  const word = state === "dead" ? "DEAD" : "done";
  const tries = attempts > 1 ? `, ${triesText(attempts)}` : "";
  const why = reason === undefined ? "" : `: ${reason}`;
  const again = replay === undefined ? "" : ` by replay ${replay}`;
  return `${word}${again} after ${durationText(afterMs)}${tries}${why}`;
}

const triesText = (attempts: number) => (attempts === 1 ? "1 try" : `${attempts} tries`);

const durationText = (ms: number) => (Math.abs(ms) < 10_000 ? `${ms} ms` : spanText(ms));

const words = {
  done: "done",
  dead: "DEAD",
  running: "running",
  retrying: "waiting for the next try",
  waiting: "not begun",
  unknown: "unknown",
} as const;

function summary({ events, delayed, counts, spanMs, roots }: Trace): string {
  const parts = Object.entries(words).flatMap(([state, word]) => {
    const count = counts[state as keyof typeof words];
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const chains = roots.length > 1 ? `; ${roots.length} of them have no cause here` : "";
  const handled = parts.length === 0 ? "no consumer" : `consumers: ${parts.join(", ")}`;
  const later = delayed === 0 ? "" : `, ${delayed} more due later`;
  return `${events} ${events === 1 ? "event" : "events"} in ${durationText(spanMs)}${later}${chains}; ${handled}`;
}

/** The text on one line, with the tree before it as it stands. */
function oneIndented(line: string): string {
  const [, tree = "", text = ""] = /^((?:[│ ] {2}|[├└]─ )*)(.*)$/s.exec(line) ?? [];
  return tree + oneLine(text);
}

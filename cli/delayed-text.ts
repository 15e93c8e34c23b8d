import type { Cancelled, DelayedList, DelayedLook } from "../ops/delayed/index.ts";
import { columns, oneLine } from "./columns.ts";
import { spanText } from "./span-text.ts";

const words = {
  waits: "",
  cancelled: "cancelled: dropped when it is due",
  sent: "was sent before, and is once more",
} as const;

/** What waits in schedules, as a table. */
export function delayedText({ delayed, unreadable }: DelayedList, nowMs: number): string {
  const rows = delayed.map((one) => [
    dueText(one.dueMs),
    inText(one.dueMs, nowMs),
    one.type,
    one.id,
    one.source,
    words[one.state],
  ]);
  const table = columns([["DUE", "IN", "TYPE", "ID", "SOURCE", ""], ...rows], { indent: "  " });
  return [table, ...unreadable.map(({ schedule, problem }) => `  ${schedule}: ${oneLine(problem)}`)].join(
    "\n",
  );
}

/** What lies in the queue in front of the function, and behind it. */
export function queuedText(
  bus: string,
  { soon, dead }: { readonly soon: number; readonly dead: number },
): string {
  const events = (count: number) => (count === 1 ? "1 message" : `${count} messages`);
  return [
    `${bus}-delayed: about ${events(soon)}, due within 15 minutes`,
    ...(dead === 0
      ? []
      : [`${bus}-delayed-dead: ${events(dead)} could not be passed on: read ${bus}-delayer's log`]),
  ].join("\n");
}

/** One delayed event with all that it carries. What came from outside stays behind its bar. */
export function delayedLookText({ message, ...look }: DelayedLook, nowMs: number): string {
  const line = (label: string, text: string) => `  ${label.padEnd(11)}${oneLine(text)}`;
  const attributes = Object.entries(message.attributes).map(([name, value]) => `${name} = ${value}`);
  return [
    oneLine(`${look.id}  ${look.type}`),
    line("due", `${dueText(look.dueMs)}, in ${inText(look.dueMs, nowMs)}`),
    ...(look.state === "waits" ? [] : [line("state", words[look.state])]),
    line("source", look.source),
    line("topic", look.topic),
    line("schedule", look.schedule),
    ...(message.groupId === undefined ? [] : [line("group", message.groupId)]),
    ...attributes.map((text, index) => line(index === 0 ? "attributes" : "", text)),
    ...message.body.split("\n").map((text, index) => `  ${(index === 0 ? "body" : "").padEnd(11)}│ ${text}`),
    "",
  ].join("\n");
}

/** What became of a cancelling, in one line. */
export function cancelledText(id: string, { state, unscheduled }: Cancelled): string {
  if (state === "sent") return `${oneLine(id)}: too late: it was sent`;
  return unscheduled
    ? `${oneLine(id)}: cancelled: it is never sent, and its schedule is gone`
    : `${oneLine(id)}: cancelled: it is never sent; no schedule waits for it`;
}

function dueText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function inText(dueMs: number, nowMs: number): string {
  return dueMs > nowMs ? spanText(dueMs - nowMs) : "now";
}

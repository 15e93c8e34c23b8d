import type { DeadLetter, LetterGroup, LetterLook } from "../ops/dead-letters/index.ts";
import { columns, oneLine } from "./columns.ts";
import { spanText } from "./span-text.ts";

/** Groups of dead letters as a table. */
export function groupsText(groups: readonly LetterGroup[], nowMs: number): string {
  const rows = groups.map(({ group, count, oldestAtMs, newestAtMs, type, reason, error }) => [
    group,
    count,
    agesText(oldestAtMs, newestAtMs, nowMs),
    type,
    reason,
    error === undefined ? "" : `${error.name}: ${error.pattern}`,
  ]);
  return columns([["GROUP", "COUNT", "DIED", "TYPE", "REASON", "ERROR"], ...rows], { indent: "  " });
}

/** What a look has found, in one line, with what it could not see. */
export function lookText(name: string, { selected, groups, unseen, missing }: LetterLook): string {
  const letters = selected === 1 ? "1 dead letter" : `${selected} dead letters`;
  const found =
    selected === 0
      ? "no dead letters"
      : `${letters} in ${groups.length} group${groups.length === 1 ? "" : "s"}`;
  return [
    `${name}: ${found}`,
    ...(unseen > 0
      ? [
          `  ${unseen} more are not to be seen: somebody else has received them, or they wait in an ordered group`,
        ]
      : []),
    ...missing.map((queue) => `  there is no queue ${queue}`),
  ].join("\n");
}

/** One dead letter with all that it carries. What came from outside stays behind its bar. */
export function letterText({ message, ...letter }: DeadLetter, nowMs: number): string {
  const { type, ids, group, kind, reason, attempts, error, diedAtMs, messageId } = letter;
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(
    ([name, { DataType, StringValue, BinaryValue }]) =>
      `${name} (${DataType}) = ${StringValue ?? `${BinaryValue?.length ?? 0} bytes`}`,
  );
  const line = (label: string, text: string) => `  ${label.padEnd(11)}${oneLine(text)}`;
  return [
    oneLine(`${ids.join(", ") || messageId}  ${type}  group ${group}  ${kind}`),
    line("reason", attempts === undefined ? reason : `${reason}, after ${attempts} attempts`),
    ...(error === undefined ? [] : [line("error", `${error.name}: ${error.message}`)]),
    ...(error?.at === undefined ? [] : [line("thrown at", error.at)]),
    line("died", `${new Date(diedAtMs).toISOString()}, ${spanText(nowMs - diedAtMs)} ago`),
    line("message", messageId),
    ...(message.Attributes?.MessageGroupId === undefined
      ? []
      : [line("in order of", message.Attributes.MessageGroupId)]),
    ...attributes.map((text, index) => line(index === 0 ? "attributes" : "", text)),
    ...(message.Body ?? "")
      .split("\n")
      .map((text, index) => `  ${(index === 0 ? "body" : "").padEnd(11)}│ ${text}`),
    "",
  ].join("\n");
}

/** One dead letter for programs. */
export function letterJson({ message, ...letter }: DeadLetter) {
  return {
    ...letter,
    body: message.Body ?? "",
    attributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(
        ([name, { DataType, StringValue, BinaryValue }]) => [
          name,
          {
            dataType: DataType,
            ...(StringValue === undefined ? {} : { stringValue: StringValue }),
            ...(BinaryValue === undefined
              ? {}
              : { binaryValue: Buffer.from(BinaryValue).toString("base64") }),
          },
        ],
      ),
    ),
    orderedGroup: message.Attributes?.MessageGroupId,
  };
}

function agesText(oldestAtMs: number, newestAtMs: number, nowMs: number): string {
  const [newest, oldest] = [spanText(nowMs - newestAtMs), spanText(nowMs - oldestAtMs)];
  return newest === oldest ? `${oldest} ago` : `${newest} to ${oldest} ago`;
}

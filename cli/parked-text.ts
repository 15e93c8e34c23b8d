import type { ParkedList, ParkedLook, ReleasedGroup } from "../ops/parked/index.ts";
import { columns, oneLine } from "./columns.ts";
import { spanText } from "./span-text.ts";

/** What waits behind a poison, for people; nothing where no group does. */
export function parkedText(name: string, list: ParkedList, nowMs: number): string | undefined {
  if ("problem" in list) return `${name}: parked groups cannot be told: ${oneLine(list.problem)}`;
  if (list.groups.length === 0) return undefined;
  const groups = list.groups.length === 1 ? "1 group waits" : `${list.groups.length} groups wait`;
  return `${name}: ${groups} behind a poison (bus dlq release)\n${parkedTable(list.groups, nowMs)}`;
}

/** Parked groups as a table. */
export function parkedTable(groups: readonly ParkedLook[], nowMs: number): string {
  const rows = groups.map(({ group, waiting, sinceMs, state, poison }) => [
    group,
    waiting,
    `${spanText(nowMs - sinceMs)} ago`,
    state,
    poison.type ?? "unreadable",
    poison.reason,
    poison.error === undefined ? "" : `${poison.error.name}: ${poison.error.message}`,
  ]);
  return columns([["PARKED", "MESSAGES", "SINCE", "STATE", "TYPE", "REASON", "ERROR"], ...rows], {
    indent: "  ",
  });
}

/** What became of released groups, one a line. */
export function releasedText(groups: readonly ReleasedGroup[]): string {
  return groups.map((one) => `  ${oneLine(one.group)}  ${endText(one)}`).join("\n");
}

function endText(released: ReleasedGroup): string {
  const { handled } = released;
  switch (released.status) {
    case "released":
      return `released: ${handled} messages are through`;
    case "parked":
      return `parked again behind ${released.poison.id ?? "an unreadable message"} (${released.poison.reason}): ${handled} through, ${released.waiting} wait`;
    case "releasing":
      return `goes on without this command: ${handled} through, ${released.waiting} wait`;
    case "not-parked":
      return "was not parked";
  }
}

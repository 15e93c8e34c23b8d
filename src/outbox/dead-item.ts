import type { Death } from "./death.ts";
import { livingPlace, type OutboxTable, type Place } from "./places.ts";
import type { DeadRow } from "./ports.ts";
import { type Item, keyOf, readRow } from "./row.ts";

/** An error's words may quote what they are about. In characters. */
const maxProblemLength = 500;

/** A row's item as it lies among the dead: all that it had, and the reason. */
export function deadItem(
  table: OutboxTable,
  { place, item, death }: { readonly place: Place; readonly item: Item; readonly death: Death },
): Item {
  return {
    ...item,
    ...keyOf(table, place),
    reason: { S: death.reason },
    problem: { S: death.message.slice(0, maxProblemLength) },
    died: { N: String(death.atMs) },
  };
}

/** The same item as it waited. */
export function revivedItem(
  table: OutboxTable,
  { place, item }: { readonly place: Place; readonly item: Item },
): Item {
  const { reason: _, problem: __, died: ___, ...row } = item;
  return { ...row, ...keyOf(table, livingPlace(place)) };
}

/** Reads a dead row at its place. */
export function deadRow(place: Place, item: Item): DeadRow {
  const read = readRow(place, item);
  const death = {
    reason: item.reason?.S ?? "unknown",
    message: item.problem?.S ?? "",
    atMs: Number(item.died?.N ?? 0),
  };
  if (read.status !== "row") return { place, death };
  return { place, death, row: { message: read.message, createdMs: read.createdMs } };
}

import type { Clock } from "../clock.ts";
import { describeError } from "../errors.ts";
import { isContentAtFault, type Publisher, type SendResult } from "../publish/index.ts";
import type { Death } from "./death.ts";
import type { OutboxStore } from "./ports.ts";
import type { OutboxRow, StoredRow } from "./row.ts";

export interface PassOnParts {
  readonly store: OutboxStore;
  readonly publisher: Publisher;
  readonly clock: Clock;
}

/** What became of rows. Each is in one of the lists. */
export interface PassedOn {
  /** Published; and from its being made to its being out, in milliseconds. */
  readonly out: readonly { readonly row: StoredRow; readonly lagMs: number }[];
  readonly dead: readonly { readonly row: StoredRow; readonly death: Death }[];
  /** Still there: whoever asks may come again. */
  readonly waiting: readonly Waiting[];
}

export interface Waiting {
  readonly row: StoredRow;
  /** Whether the same row may go through a moment later. */
  readonly soon: boolean;
  readonly reason: string;
}

/**
 * Publishes rows, with the bytes that they have. What is out is removed; what can never be sent is put among the dead; all else
 * stays as it is. A row that is out and could not be removed is sent again, later, with the same bytes.
 */
export async function passOn(rows: readonly StoredRow[], parts: PassOnParts): Promise<PassedOn> {
  const { store, publisher, clock } = parts;
  const sendable = rows.filter((row) => row.status === "row");
  const results = await publisher.send(sendable.map(({ message }) => message));
  const ends = new Map(sendable.map((row, index) => [row as StoredRow, results[index]] as const));

  const out: StoredRow[] = [];
  const dying: { row: StoredRow; death: Death }[] = [];
  const waiting: Waiting[] = [];
  const atMs = clock.nowMs();
  for (const row of rows) {
    const end = row.status === "row" ? endOf(ends.get(row)) : endOfUnread(row);
    if (end.to === "out") out.push(row);
    else if (end.to === "dead")
      dying.push({ row, death: { reason: end.reason, message: end.message, atMs } });
    else waiting.push({ row, soon: end.soon, reason: end.reason });
  }
  if (out.length > 0) {
    try {
      await store.remove(out.map(({ place }) => place));
    } catch (error) {
      // They are out. That they are still there costs a second sending, and nothing is lost.
      const { message } = describeError(error);
      waiting.push(...out.splice(0).map((row) => ({ row, soon: false, reason: `not removed: ${message}` })));
    }
  }
  const dead: { row: StoredRow; death: Death }[] = [];
  for (const one of dying) {
    try {
      if (await store.bury(one.row.place, one.death)) dead.push(one);
    } catch (error) {
      waiting.push({ row: one.row, soon: false, reason: `not buried: ${describeError(error).message}` });
    }
  }
  const lagOf = (row: StoredRow) => (row.status === "row" ? Math.max(0, atMs - row.createdMs) : 0);
  return { out: out.map((row) => ({ row, lagMs: lagOf(row) })), dead, waiting };
}

/** What became of one row. */
export type End =
  | { readonly to: "out" }
  | { readonly to: "dead"; readonly reason: string; readonly message: string }
  | { readonly to: "wait"; readonly reason: string; readonly soon: boolean };

/** What the topic's answer means for a row. */
export function endOf(result: SendResult | undefined): End {
  if (!result) return { to: "wait", reason: "no-answer", soon: true };
  if (result.ok) return { to: "out" };
  const { code: reason, message, retryable } = result;
  // No such topic, no right to it: the bus is at fault, and the row is well.
  return isContentAtFault(reason) ? { to: "dead", reason, message } : { to: "wait", reason, soon: retryable };
}

/** What becomes of a row that could not be read. */
export function endOfUnread(row: Exclude<StoredRow, OutboxRow>): End {
  return row.status === "broken"
    ? { to: "dead", reason: "bad-row", message: row.problem }
    : { to: "wait", reason: "newer-version", soon: false };
}

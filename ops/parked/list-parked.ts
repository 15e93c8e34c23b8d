import type { ParkedGroup, ParkedStore, Poison } from "../../src/parking/index.ts";
import type { ConsumerRef } from "../find-consumers.ts";

/** A parked group, as people and programs are told of it. */
export interface ParkedLook {
  readonly group: string;
  readonly state: "parked" | "releasing";
  /** Messages in the line, that of the poison among them while it is there. */
  readonly waiting: number;
  readonly sinceMs: number;
  readonly poison: Poison;
}

/** The parked groups of a consumer, longest parked first; or why they cannot be told. */
export type ParkedList = { readonly groups: readonly ParkedLook[] } | { readonly problem: string };

/** Lists the parked groups of an ordered consumer. Others have none, and neither has a bus without the table. */
export async function listParked(
  store: Pick<ParkedStore, "list">,
  { consumer, fifo }: Pick<ConsumerRef, "consumer" | "fifo">,
): Promise<ParkedList> {
  if (!fifo) return { groups: [] };
  const found: ParkedGroup[] = [];
  try {
    let cursor: string | undefined;
    do {
      const page = await store.list(consumer, cursor);
      found.push(...page.groups);
      cursor = page.cursor;
    } while (cursor !== undefined);
  } catch (thrown) {
    const { cause, message } = thrown as Error & { cause?: { name?: string } };
    if (cause?.name === "ResourceNotFoundException") return { groups: [] };
    return { problem: message };
  }
  const groups = found.map(lookOf).sort((one, other) => one.sinceMs - other.sinceMs || order(one, other));
  return { groups };
}

function lookOf({ group, first, tail, sinceMs, poison, release }: ParkedGroup): ParkedLook {
  return { group, state: release ? "releasing" : "parked", waiting: tail - first + 1, sinceMs, poison };
}

function order(one: ParkedLook, other: ParkedLook): number {
  return one.group < other.group ? -1 : 1;
}

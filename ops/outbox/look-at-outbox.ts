import {
  allShards,
  type Head,
  type OutboxStore,
  type Place,
  type StoredRow,
} from "../../src/outbox/index.ts";

/** Rows of a page, and rows that only wait that are told of a shard. */
const atOnce = 100;

/** Something in an outbox that does not go out by itself. */
export type Standing = {
  /** What a person calls it by: the event's id, or the key; where no event can be read, where it lies. */
  readonly name: string;
  readonly reason: string;
  readonly message: string;
  /** Since when it stands, in milliseconds since the epoch. */
  readonly sinceMs: number;
} & (
  | { readonly kind: "dead"; readonly place: Place; readonly type?: string | undefined }
  /** A key waits behind a row that cannot be sent. */
  | { readonly kind: "parked"; readonly head: Head; readonly sequence: number }
  /** A key waits for what is missing; `sequence` is the first that is there. */
  | { readonly kind: "gap"; readonly head: Head; readonly sequence: number }
  /** It is old, and a sweep comes for it: its topic is missing, or the outbox is not swept. */
  | { readonly kind: "waits"; readonly type?: string | undefined }
);

/**
 * Looks for what stands in an outbox: the dead, keys that are parked or wait for a sequence, and rows older than `graceMs`. The
 * longest first. Changes nothing.
 */
export async function lookAtOutbox(
  store: OutboxStore,
  { graceMs, nowMs }: { readonly graceMs: number; readonly nowMs: number },
): Promise<readonly Standing[]> {
  const terms = { beforeMs: nowMs - graceMs, afterMs: nowMs + graceMs, most: atOnce };
  // Side by side: a hundred questions one after the other take seconds.
  const found = await Promise.all(
    allShards.map(async (shard) => [
      ...(await deadOf(store, shard)),
      ...(await keysOf(store, shard, nowMs - graceMs)),
      ...(await store.due(shard, terms)).map((row) => waitingOf(row, nowMs)),
    ]),
  );
  return found.flat().sort((one, other) => one.sinceMs - other.sinceMs);
}

/** A row that is old and has no order. */
function waitingOf(row: StoredRow, nowMs: number): Standing {
  const event = row.status === "row" ? { name: row.message.id, type: row.message.type } : undefined;
  return {
    kind: "waits",
    name: event?.name ?? row.place.sort,
    type: event?.type,
    reason: row.status === "row" ? "old" : row.status,
    message: row.status === "broken" ? row.problem : "",
    sinceMs: row.status === "row" ? row.createdMs : nowMs,
  };
}

async function deadOf(store: OutboxStore, shard: number): Promise<readonly Standing[]> {
  const found: Standing[] = [];
  let behind: Place | undefined;
  for (;;) {
    const page = await store.dead(shard, { behind, most: atOnce });
    for (const { place, death, row } of page) {
      const { reason, message, atMs: sinceMs } = death;
      const name = row?.message.id ?? place.sort;
      found.push({ kind: "dead", name, place, type: row?.message.type, reason, message, sinceMs });
    }
    behind = page.at(-1)?.place;
    if (behind === undefined) return found;
  }
}

async function keysOf(store: OutboxStore, shard: number, oldMs: number): Promise<readonly Standing[]> {
  const found: Standing[] = [];
  let behind: string | undefined;
  do {
    const page = await store.firsts(shard, { behind });
    for (const { order, row } of page.rows) {
      const { key: name, sequence } = order;
      const head = (await store.head(name)) ?? { sent: 0 };
      const sinceMs = row.status === "row" ? row.createdMs : oldMs;
      if (head.parked) {
        const { reason, message, atMs, sequence: at } = head.parked;
        found.push({ kind: "parked", name, head, sequence: at, reason, message, sinceMs: atMs });
      } else if (sequence > head.sent + 1) {
        const message = `sequence ${head.sent + 1} is missing, ${sequence} is there`;
        found.push({ kind: "gap", name, head, sequence, reason: "gap", message, sinceMs });
      } else if (sinceMs <= oldMs) {
        const message = `sequence ${sequence} is the next one`;
        found.push({ kind: "waits", name, reason: "old", message, sinceMs });
      }
    }
    behind = page.behind;
  } while (behind !== undefined);
  return found;
}

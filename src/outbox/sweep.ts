import { type PassedOn, type PassOnParts, passOn } from "./pass-on.ts";
import { allShards } from "./places.ts";
import type { DeadRow } from "./ports.ts";
import type { StoredRow } from "./row.ts";

/** Rows in hand at once: of the largest ones, what one query answers. */
const most = 100;
/** A sweep that was killed keeps its shard for so long at most; one that lives asks again for each page. */
const leaseMs = 60_000;
/** What a page may still take. Nothing new is begun when less is left of the invocation. */
const marginMs = 15_000;

/** What one sweep has seen. */
export interface Swept {
  readonly passed: readonly PassedOn[];
  /** For how long the oldest row waits that is not out after the sweep; 0 where none waits. */
  readonly oldestMs: number;
  /** How many rows are dead. */
  readonly dead: number;
  /** Whether every shard was looked at to its end. */
  readonly isWhole: boolean;
}

/**
 * Sends what has waited for too long: the rows of every shard that are older than `graceMs`, or whose time lies as far ahead by a
 * clock that is wrong. A shard with something in it is swept by one at a time; several sweeps share the shards of a backlog.
 */
export async function sweep(
  parts: PassOnParts,
  terms: { readonly owner: string; readonly graceMs: number; readonly deadlineMs: number },
): Promise<Swept> {
  const { store, clock } = parts;
  const passed: PassedOn[] = [];
  let oldestMs = 0;
  let dead = 0;
  let isWhole = true;
  // From anywhere: one shard that takes all the time must not keep the same ones waiting each time.
  const start = Math.floor(clock.random() * allShards.length);
  for (const shard of [...allShards.slice(start), ...allShards.slice(0, start)]) {
    if (clock.nowMs() > terms.deadlineMs - marginMs) {
      isWhole = false;
      break;
    }
    const result = await sweepShard(shard, parts, terms);
    passed.push(...result.passed);
    oldestMs = Math.max(oldestMs, result.oldestMs);
    isWhole &&= result.isWhole;
    dead += (await deadOf(shard, store)).length;
  }
  return { passed, oldestMs, dead, isWhole };
}

async function sweepShard(
  shard: number,
  parts: PassOnParts,
  {
    owner,
    graceMs,
    deadlineMs,
  }: { readonly owner: string; readonly graceMs: number; readonly deadlineMs: number },
): Promise<Omit<Swept, "dead">> {
  const { store, clock } = parts;
  const passed: PassedOn[] = [];
  const nowMs = clock.nowMs();
  const age = (row: StoredRow) => (row.status === "row" ? Math.max(0, clock.nowMs() - row.createdMs) : 0);
  let oldestMs = 0;
  let behind: StoredRow["place"] | undefined;
  let isOurs = false;
  let isWhole = true;
  for (;;) {
    const rows = await store.due(shard, {
      ...{ beforeMs: nowMs - graceMs, afterMs: nowMs + graceMs, most },
      behind,
    });
    const last = rows.at(-1);
    if (!last) break;
    const endsMs = clock.nowMs() + leaseMs;
    isOurs = clock.nowMs() <= deadlineMs - marginMs && (await store.takeSweep(shard, owner, endsMs));
    if (!isOurs) {
      isWhole = false;
      oldestMs = Math.max(oldestMs, ...rows.map(age));
      break;
    }
    const result = await passOn(rows, parts);
    passed.push(result);
    oldestMs = Math.max(oldestMs, ...result.waiting.map(({ row }) => age(row)));
    behind = last.place;
  }
  if (behind) await store.endSweep(shard, owner);
  return { passed, oldestMs, isWhole };
}

/** As many as one page has: that there are some is what counts. */
function deadOf(shard: number, store: PassOnParts["store"]): Promise<readonly DeadRow[]> {
  return store.dead(shard, { most });
}

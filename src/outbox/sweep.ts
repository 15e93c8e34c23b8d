import type { LineRow } from "./line-ports.ts";
import type { PassedLine } from "./pass-line.ts";
import { passLines } from "./pass-lines.ts";
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
  /** Keys that had something old, and how they stand. */
  readonly lines: ReadonlyMap<string, PassedLine>;
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
  const lines = new Map<string, PassedLine>();
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
    const ordered = await sweepLines(shard, parts, terms);
    for (const [key, line] of ordered.lines) lines.set(key, line);
    oldestMs = Math.max(oldestMs, ordered.oldestMs);
    dead += (await deadOf(shard, store)).length;
  }
  return { passed, lines, oldestMs, dead, isWhole };
}

async function sweepShard(
  shard: number,
  parts: PassOnParts,
  {
    owner,
    graceMs,
    deadlineMs,
  }: { readonly owner: string; readonly graceMs: number; readonly deadlineMs: number },
): Promise<Omit<Swept, "dead" | "lines">> {
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

/** The lines of a shard whose first row is old: each is in one hand by its own lease. */
async function sweepLines(
  shard: number,
  parts: PassOnParts,
  terms: { readonly owner: string; readonly graceMs: number; readonly deadlineMs: number },
): Promise<Pick<Swept, "lines" | "oldestMs">> {
  const { store, clock } = parts;
  const lines = new Map<string, PassedLine>();
  let oldestMs = 0;
  let behind: string | undefined;
  do {
    const page = await store.firsts(shard, { behind });
    const old = page.rows.filter((one) => Math.abs(ageOf(one, clock.nowMs())) > terms.graceMs);
    const keys = old.map(({ order }) => order.key);
    for (const [key, line] of await passLines(keys, parts, terms)) lines.set(key, line);
    for (const one of old) {
      const isOut = lines.get(one.order.key)?.stands === "done";
      if (!isOut) oldestMs = Math.max(oldestMs, Math.abs(ageOf(one, clock.nowMs())));
    }
    behind = page.behind;
  } while (behind !== undefined && clock.nowMs() <= terms.deadlineMs - marginMs);
  return { lines, oldestMs };
}

/** Of one that cannot be read: it is old enough to be looked at. */
function ageOf({ row }: LineRow, nowMs: number): number {
  return row.status === "row" ? nowMs - row.createdMs : nowMs;
}

/** As many as one page has: that there are some is what counts. */
function deadOf(shard: number, store: PassOnParts["store"]): Promise<readonly DeadRow[]> {
  return store.dead(shard, { most });
}

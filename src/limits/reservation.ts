import type { Clock } from "../clock.ts";
import { spacingOf } from "./judge-slots.ts";
import type { LimitStore, SlotGrant } from "./ports.ts";
import { type OwnedStart, ownedStart, type Slot } from "./slot.ts";
import { type SlotRow, slotRow } from "./slot-row.ts";

/** What a limiter has reserved. */
export interface Reservation {
  /** One for each event, in order. */
  readonly places: readonly Place[];
  /**
   * Gives back all but the first `count` starts, before any was waited for: where fewer events came than were reserved
   * for. For events of equal keys. Never throws.
   */
  keep(count: number): Promise<void>;
  /** Revokes what was not used, and gives it back to the limit where that still can be. Never throws. */
  close(): Promise<void>;
}

export type Place =
  | { readonly status: "slot"; readonly slot: Slot }
  /** There was no room; ask again at this time at the earliest (milliseconds since the epoch). */
  | { readonly status: "later"; readonly atMs: number };

/** A grant with its starts, in order. */
interface Held {
  readonly grant: SlotGrant;
  readonly starts: readonly OwnedStart[];
}

/** Keeps the grants of one reservation together. `leadMs`: how long the store needs to take something back. */
export function holdGrants({
  store,
  clock,
  latenessMs,
  leadMs,
}: {
  readonly store: LimitStore;
  readonly clock: Clock;
  readonly latenessMs: number;
  readonly leadMs: () => number;
}): {
  /** Takes the grants for events that are alike. */
  add(grants: readonly SlotGrant[]): SlotRow;
} & Pick<Reservation, "keep" | "close"> {
  const held: Held[] = [];
  const rows: SlotRow[] = [];
  // A failure costs the limit some room, and nothing else.
  const giveBack = (grant: SlotGrant, unused: number) => store.giveBack(grant, unused).catch(() => false);

  return {
    add(grants) {
      const own = grants.map((grant) => ({ grant, starts: startsOf(grant, latenessMs) }));
      held.push(...own);
      const row = slotRow(
        own.flatMap(({ starts }) => starts),
        clock,
      );
      rows.push(row);
      return row;
    },

    async keep(count) {
      const kept = new Set(rows.flatMap((row) => row.keep(count)));
      for (const [index, { grant, starts }] of held.entries()) {
        const left = starts.filter((start) => kept.has(start));
        if (left.length === starts.length) continue;
        held[index] = {
          grant: { ...grant, request: { ...grant.request, slots: left.length } },
          starts: left,
        };
        await giveBack(grant, starts.length - left.length);
      }
    },

    async close() {
      for (const row of rows) row.revoke();
      for (const { grant, starts } of held.splice(0)) {
        // Nobody can use what has passed, but for a quota's.
        const soonMs = grant.request.quotas.length > 0 ? Number.NEGATIVE_INFINITY : clock.nowMs() + leadMs();
        const lastKept = starts.findLastIndex(({ used, startMs }) => used || startMs <= soonMs);
        const unused = starts.length - 1 - lastKept;
        if (unused > 0) await giveBack(grant, unused);
      }
    },
  };
}

function startsOf(grant: SlotGrant, latenessMs: number): readonly OwnedStart[] {
  const spacing = spacingOf(grant.request);
  return Array.from({ length: grant.request.slots }, (_, index) =>
    ownedStart(grant.startMicros + index * spacing, latenessMs),
  );
}

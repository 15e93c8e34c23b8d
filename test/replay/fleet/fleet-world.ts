import { archiver } from "../../../src/archive/index.ts";
import { inMemoryLimits } from "../../../src/limits/index.ts";
import {
  fleetState,
  type MemberEnd,
  makeParts,
  type ReplayJob,
  type ReplaySelection,
  runMember,
} from "../../../src/replay/index.ts";
import { eventJson, notified } from "../../archive/records.ts";
import type { Mortality } from "../../helpers/mortal.ts";
import { replayWorld } from "../replay-world.ts";

export const beginMs = Date.UTC(2026, 0, 1);
/** In the order of the archive. */
export const idOf = (nth: number) => `o-${String(nth).padStart(4, "0")}`;
export const idsOf = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, nth) => idOf(from + nth));
/** The key that an event is in order with: one of seven. */
export const keyOf = (id: string) => `k-${Number(id.slice(2)) % 7}`;

let owners = 0;

/** A bus in memory whose archive has sealed events, some that are not sealed, and a fleet to send them. */
export async function fleetWorld({ sealed = 120, open = 24 } = {}) {
  const world = replayWorld();
  const { settings, segments, clock, parts, store, taken } = world;
  const archive = archiver(settings, { store: segments.archive.store, clock, sink: () => {} });
  const publish = (from: number, to: number) =>
    archive({
      Records: idsOf(from, to).map((id) => {
        const timestamp = new Date(beginMs + Number(id.slice(2)) * 1_000).toISOString();
        return notified(eventJson({ id, time: timestamp, partitionkey: keyOf(id) }), { timestamp });
      }),
    });
  await publish(0, sealed / 2);
  await publish(sealed / 2, sealed);
  await world.seal();
  if (open > 0) await publish(sealed, sealed + open);
  const limits = inMemoryLimits({ clock });

  const member = (replay: string, member: number, more: Partial<Parameters<typeof runMember>[0]> = {}) =>
    runMember({ ...parts, replay, member, owner: `member-${owners++}`, limits, ...more });
  return {
    ...world,
    limits,
    all: idsOf(0, sealed + open),
    makeFleet: async (
      selection: ReplaySelection,
      change: Partial<ReplayJob> = {},
      { members = 4, fewest = 5 } = {},
    ) => {
      const whole = {
        ...(await replayWorld().make(selection, change)),
        id: `${20260101 + owners++}-000000-000000`,
      };
      return makeParts({ store, archive: segments.archive }, whole, { members, fewest });
    },
    member,
    /** A member that dies where it is told to, and is called again a minute later, as often as it takes. */
    mortalMember: async (replay: string, nth: number, mortal: Mortality): Promise<MemberEnd> => {
      for (;;) {
        const process = mortal.process();
        const end = await process.run(
          member(replay, nth, {
            queue: process.wrap(parts.queue),
            store: { ...process.wrap(store), parts: (id) => process.wrap(store.parts(id)) },
          }),
        );
        if (end !== undefined) return end;
        await new Promise<void>((wake) => clock.after(60_000, wake));
      }
    },
    state: async (id: string) => {
      const found = await store.find(id);
      if (!found) throw new Error(`there is no replay ${id}`);
      return fleetState(found, await store.parts(id).list());
    },
    /** Most messages that were sent in any second, wherever it begins. */
    mostInASecond: () => {
      const times = taken.map(({ atMs }) => atMs).sort((one, other) => one - other);
      return Math.max(
        ...times.map((from, at) => times.filter((ms, i) => i >= at && ms < from + 1_000).length),
      );
    },
  };
}

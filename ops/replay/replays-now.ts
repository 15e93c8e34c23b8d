import { fleetState, type ReplayStore, type StoredReplay } from "../../src/replay/index.ts";

/** All replays of a bus as they are now, the newest first; those of fleets as their parts are. */
export async function replaysNow(store: ReplayStore): Promise<readonly StoredReplay[]> {
  const found: StoredReplay[] = [];
  for (const one of await store.list()) found.push(await asPartsAre(store, one));
  return found;
}

/** One of them; `undefined` where there is none of this id. */
export async function replayNow(store: ReplayStore, id: string): Promise<StoredReplay | undefined> {
  const found = await store.find(id);
  return found && asPartsAre(store, found);
}

async function asPartsAre(store: ReplayStore, found: StoredReplay): Promise<StoredReplay> {
  const { id, fleet, state } = found.job;
  return fleet && state !== "done" ? fleetState(found, await store.parts(id).list()) : found;
}

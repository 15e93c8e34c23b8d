import type { ReplayStore } from "../ports.ts";

/** Ends a replay for good, whoever is at it, with all parts of it. `false`: there is none of this id, or it is done. */
export async function cancelReplay(store: ReplayStore, id: string): Promise<boolean> {
  // The whole first: from then on nobody takes a part, and who is at one looks at it. The parts then, since that is quicker.
  if (!(await store.cancel(id))) return false;
  const parts = store.parts(id);
  for (const { job } of await parts.list()) await parts.cancel(job.id);
  return true;
}

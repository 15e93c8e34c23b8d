import type { Segments } from "../../segments/index.ts";
import type { ReplayStore } from "../ports.ts";
import type { ReplayJob, ReplaySelection } from "../replay-job.ts";
import { cutParts } from "./cut-parts.ts";

/** More of them are no use: what bounds a replay then is what receives it. */
export const mostMembers = 50;
/** So that who is done early has something left to take. */
const partsOfMember = 4;

/**
 * Writes a replay down that a fleet is to run, and its parts: of the archive's lines, about as many each; of an ordered one a share of all
 * keys for each member, so that all events of a key are in one hand. The parts are written first: who finds the replay finds all of them.
 */
export async function makeParts(
  { store, archive }: { readonly store: ReplayStore; readonly archive: Segments },
  whole: ReplayJob,
  { members, fewest }: { readonly members: number; readonly fewest?: number },
): Promise<ReplayJob> {
  const selections =
    whole.ordered || whole.fifo
      ? sharesOf(whole.selection, members)
      : await cutParts(archive, whole.selection, {
          most: members * partsOfMember,
          ...(fewest === undefined ? {} : { fewest }),
        });
  const parts = store.parts(whole.id);
  for (const [nth, selection] of selections.entries()) {
    const id = `${whole.id}/${String(nth).padStart(4, "0")}`;
    // How many of them are its own is not known.
    await parts.create({ ...whole, id, of: whole.id, selection, selected: 0 });
  }
  const job = { ...whole, fleet: { members, parts: selections.length } };
  await store.create(job);
  return job;
}

function sharesOf(selection: ReplaySelection, of: number): readonly ReplaySelection[] {
  return Array.from({ length: of }, (_, nth) => ({ ...selection, share: { nth, of } }));
}

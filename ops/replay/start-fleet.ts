import type { CallMember, ReplayJob } from "../../src/replay/index.ts";
import { mostMembers } from "../../src/replay/index.ts";
import { ReplayError } from "./replay-error.ts";

/** Has each member of a replay's fleet begin; of one that is under way, too: whoever finds nothing to do leaves. */
export async function startFleet(
  callMember: CallMember,
  { id, fleet }: Pick<ReplayJob, "id"> & { readonly fleet?: ReplayJob["fleet"] | undefined },
): Promise<void> {
  const { members = 0 } = fleet ?? {};
  for (let member = 0; member < members; member++) await callMember({ replay: id, member });
}

/** Throws `ReplayError` (`replay-fleet`) for a fleet that cannot be. */
export function checkFleet(members: number): void {
  if (Number.isInteger(members) && members >= 1 && members <= mostMembers) return;
  throw new ReplayError(
    "replay-fleet",
    `the fleet has ${members} members; a whole number from 1 to ${mostMembers} is allowed`,
  );
}

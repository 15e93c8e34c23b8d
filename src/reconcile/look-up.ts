import type { Entry } from "../digest/index.ts";
import type { CheckedSource } from "./checked-source.ts";
import { shownKey } from "./entry-fault.ts";
import { SourceFault } from "./source-fault.ts";

/** All that both sides have of a key at its home; or why that cannot be said. */
export type LookedUp = { readonly left: readonly Entry[]; readonly right: readonly Entry[] } | SourceFault;

export interface Sides {
  readonly left: CheckedSource;
  readonly right: CheckedSource;
}

/**
 * Looks keys up at their homes, in the order asked. An entry that cannot be makes its own key unknown, no other one; a
 * side that does not answer makes all of them.
 */
export async function lookUp(
  sides: Sides,
  all: readonly { readonly key: string; readonly seenMs: number }[],
  { futureMs }: { readonly futureMs: number },
): Promise<readonly LookedUp[]> {
  const keys = all.map(({ key }) => key);
  const seenMs = all.map((one) => one.seenMs);
  const ofSide = async (side: CheckedSource) => {
    const found = await side.lookup(keys, seenMs);
    return found.map((entries) => fromTheFuture(side, entries, futureMs) ?? entries);
  };
  try {
    const [lefts, rights] = await Promise.all([ofSide(sides.left), ofSide(sides.right)]);
    return keys.map((_, index) => {
      const [left = [], right = []] = [lefts[index], rights[index]];
      if (left instanceof SourceFault) return left;
      return right instanceof SourceFault ? right : { left, right };
    });
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return keys.map(() => error);
  }
}

/** What has not happened yet would stay under way for ever: its clock is wrong. */
function fromTheFuture(
  side: CheckedSource,
  entries: readonly Entry[] | SourceFault,
  futureMs: number,
): SourceFault | undefined {
  if (entries instanceof SourceFault) return undefined;
  const early = entries.find(({ timeMs }) => timeMs >= futureMs);
  return (
    early &&
    new SourceFault(
      "source-time",
      side.name,
      `entry ${shownKey(early.key)} is of ${new Date(early.timeMs).toISOString()}, which is to come: its clock is wrong`,
    )
  );
}

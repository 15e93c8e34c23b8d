import type { Entry } from "../digest/index.ts";
import { apart } from "./apart.ts";
import type { CheckedSource } from "./checked-source.ts";
import { shownKey } from "./entry-fault.ts";
import { SourceFault } from "./source-fault.ts";

/** All that both sides have of a key at its home; or why that cannot be said. */
export type LookedUp =
  | {
      readonly left: readonly Entry[];
      readonly right: readonly Entry[];
      /** Why the side that has nothing of it may have it yet. */
      readonly underWay?: string | undefined;
    }
  | SourceFault;

export interface Sides {
  readonly left: CheckedSource;
  readonly right: CheckedSource;
}

/** A key, and when an entry of it happened that somebody saw. */
interface Asked {
  readonly key: string;
  readonly seenMs: number;
}

/**
 * Looks keys up at their homes, in the order asked; a side that has nothing of a key is asked whether it is on its way. An
 * entry that cannot be, or a key that cannot be asked about, makes that key unknown, no other one; a side that does not
 * answer makes all of them.
 */
export async function lookUp(
  sides: Sides,
  all: readonly Asked[],
  { futureMs }: { readonly futureMs: number },
): Promise<readonly LookedUp[]> {
  const ofSide = async (side: CheckedSource) => {
    const found = await apart(all, (some) =>
      side.lookup(
        some.map(({ key }) => key),
        some.map(({ seenMs }) => seenMs),
      ),
    );
    return found.map((entries) => fromTheFuture(side, entries, futureMs) ?? entries);
  };
  const [lefts, rights] = await Promise.all([ofSide(sides.left), ofSide(sides.right)]);
  const found = all.map((_, index): LookedUp => {
    const [left = [], right = []] = [lefts[index], rights[index]];
    if (left instanceof SourceFault) return left;
    return right instanceof SourceFault ? right : { left, right };
  });
  const withLeft = await withUnderWay(sides.left, all, found, ({ left, right }) => !left[0] && !!right[0]);
  return withUnderWay(sides.right, all, withLeft, ({ left, right }) => !right[0] && !!left[0]);
}

/** Asks a side about the keys that it alone does not have. */
async function withUnderWay(
  side: CheckedSource,
  all: readonly Asked[],
  found: readonly LookedUp[],
  isMissing: (one: Exclude<LookedUp, SourceFault>) => boolean,
): Promise<readonly LookedUp[]> {
  const missing = all.filter((_, index) => {
    const one = found[index];
    return one !== undefined && !(one instanceof SourceFault) && isMissing(one);
  });
  if (missing.length === 0) return found;
  const reasons = await apart(missing, (some) =>
    side.underWay(
      some.map(({ key }) => key),
      some.map(({ seenMs }) => seenMs),
    ),
  );
  const byKey = new Map(missing.map(({ key }, index) => [key, reasons[index]]));
  return found.map((one, index) => {
    const underWay = byKey.get(all[index]?.key ?? "");
    if (underWay instanceof SourceFault) return underWay;
    return one instanceof SourceFault || underWay === undefined ? one : { ...one, underWay };
  });
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

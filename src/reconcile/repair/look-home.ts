import type { Clock } from "../../clock.ts";
import { checkedSource } from "../checked-source.ts";
import { classify, type Difference } from "../difference.ts";
import { comparisonOf, type ReconcileJob } from "../job.ts";
import { lookUp } from "../look-up.ts";
import { SourceFault } from "../source-fault.ts";

/** What both sides say about a key now: how it differs, that it does not, or why that cannot be said. */
export type AtHome = Difference | undefined | SourceFault;

/** Looks keys up at their homes, on both sides, and says how each differs now. */
export function lookHome(job: ReconcileJob, clock: Clock, untilMs: number) {
  return async (
    some: readonly { readonly key: string; readonly seenMs: number }[],
  ): Promise<readonly AtHome[]> => {
    const { left, right, ...options } = comparisonOf(job, clock, untilMs);
    const found = await lookUp({ left: checkedSource(left), right: checkedSource(right) }, some, options);
    return found.map((entries, index) => {
      if (entries instanceof SourceFault) return entries;
      // Whoever repairs it now does what is being done already.
      if (entries.underWay !== undefined) {
        const side = entries.left.length === 0 ? left : right;
        return new SourceFault("under-way", side.name, entries.underWay);
      }
      const now = classify(some[index]?.key ?? "", entries.left, entries.right, options);
      // What is only late is there: nothing is left to be repaired.
      return now?.class === "late" ? undefined : now;
    });
  };
}

import type { Difference } from "../difference.ts";
import type { Repairer } from "./how.ts";

/**
 * The amount that a job's own function gives a difference, without its sign; `undefined` where it gives none, throws, or
 * answers what is no whole number: that could not be added up.
 */
export function amountOf(difference: Difference, repairer: Repairer): number | undefined {
  try {
    const amount = repairer.amountOf?.(difference);
    return Number.isSafeInteger(amount) ? Math.abs(amount as number) : undefined;
  } catch {
    return undefined;
  }
}

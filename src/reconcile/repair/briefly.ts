import type { Difference } from "../difference.ts";

/** Entries of a side that are told where a difference was one of many. */
const fewEntries = 5;

/** A difference with no more than the first five entries of each side: as markers and the audit keep it. */
export function briefly(difference: Difference): Difference {
  const { left, right } = difference;
  return { ...difference, left: left.slice(0, fewEntries), right: right.slice(0, fewEntries) };
}

import type { Difference } from "./difference.ts";

/** An item of DynamoDB is 400 KB at most: of a key that is there over and over, this many entries of a side are told. */
const entriesTold = 50;

/** A difference as it is written down: of each side no more than the first 50 entries. */
export function told(difference: Difference): Difference {
  const { left, right } = difference;
  return { ...difference, left: left.slice(0, entriesTold), right: right.slice(0, entriesTold) };
}

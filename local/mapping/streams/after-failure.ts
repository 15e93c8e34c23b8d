/** Records that are tried together. */
export interface Piece<Entry> {
  readonly entries: readonly Entry[];
  /** Tries that failed and count against the retries. */
  readonly failures: number;
}

/**
 * What is tried next, in order, when an invocation failed from `firstFailed` on: what stands before it is done with.
 * (services-ddb-batchfailurereporting, services-ddb-errors)
 *
 * With `bisect` a failed batch is cut before it is tried again, at the record that the function named or else in halves,
 * and a cut does not count as a retry. AWS says nothing of a named record that is the first one: it is cut in halves
 * here, since that is what finds the one that is to blame. Without `bisect` each failure counts, for all that is left.
 */
export function afterFailure<Entry>(
  { entries, failures }: Piece<Entry>,
  firstFailed: number,
  bisect: boolean,
): readonly Piece<Entry>[] {
  const left = entries.slice(firstFailed);
  if (!bisect || left.length === 1) {
    // One that was cut out of its batch now is tried for the first time by itself.
    return [{ entries: left, failures: bisect && firstFailed > 0 ? failures : failures + 1 }];
  }
  if (firstFailed > 0) return [{ entries: left, failures }];
  const half = Math.ceil(left.length / 2);
  return [
    { entries: left.slice(0, half), failures },
    { entries: left.slice(half), failures },
  ];
}

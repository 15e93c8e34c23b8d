/** How many checks and tests came out how. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Tests alone, without the checks; `undefined` where none were asked for. */
  readonly tests?: number;
}

/** Both together. */
export function add(left: Tally, right: Tally): Tally {
  const tests = (left.tests ?? 0) + (right.tests ?? 0);
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
    ...(left.tests === undefined && right.tests === undefined ? {} : { tests }),
  };
}

/**
 * The closing line and the exit code: 1 when anything failed, when tests were asked for and none ran, and in CI
 * when any was skipped, because there nobody is looking.
 */
export function verdict(
  tally: Tally,
  { ci }: { ci: boolean },
): { line: string; complaint?: string; exitCode: 0 | 1 } {
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : "";
  const line = `${tally.passed} passed, ${tally.failed} failed${skipped}`;
  if (tally.failed > 0) return { line, exitCode: 1 };
  if (tally.tests === 0) return { line, complaint: "no test ran: nothing was shown", exitCode: 1 };
  if (tally.passed === 0) return { line, complaint: "nothing ran: nothing was shown", exitCode: 1 };
  if (ci && tally.skipped > 0) return { line, complaint: "skipped tests fail in CI", exitCode: 1 };
  return { line, exitCode: 0 };
}

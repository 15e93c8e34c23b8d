/** A bench whose answer is not one row of figures per contender, but a report of its own. */
export interface ReportBench {
  /** Packages whose versions belong to the figures. */
  readonly packages: readonly string[];
  /** How much work it does, in the bench's own unit. */
  readonly size: number;
  report(size: number, tell: (line: string) => void): Promise<BenchReport>;
}

export interface BenchReport {
  /** What `--json` prints. */
  readonly answer: Readonly<Record<string, unknown>>;
  /** The same, for people. */
  readonly table: string;
  /** What the figures do not hold that they must; empty when they hold it all. */
  readonly failures: readonly string[];
}

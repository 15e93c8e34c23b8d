import type { DifferenceClass } from "./difference.ts";
import type { LedgerSource } from "./ports.ts";
import type { Span } from "./state.ts";

/** Two sides, and what is to be believed about them. */
export interface ReconcileJob {
  /** What its progress and differences are kept under. */
  readonly name: string;
  readonly left: LedgerSource;
  readonly right: LedgerSource;
  /** Nothing before this is compared: milliseconds since the epoch. */
  readonly beginMs: number;
  /** What is younger than this is still under way: no difference, not compared. */
  readonly settleMs: number;
  /** The span that sources keep digests of. @default an hour */
  readonly spanMs?: number;
  /** @default `settleMs` */
  readonly lateAfterMs?: number;
  /**
   * How long both sides keep their records. Before they expire every span is compared a last time, and never after.
   * @default forever
   */
  readonly keepMs?: number;
}

/** What one run did, and what is open after it. */
export interface ReconcileReport {
  readonly job: string;
  readonly atMs: number;
  /** `agree`: nothing is open and nothing unknown. */
  readonly verdict: "agree" | "differ" | "unknown" | "held";
  /** What was compared for the first time. */
  readonly compared: Span | undefined;
  readonly found: number;
  readonly resolved: number;
  readonly open: Readonly<Partial<Record<DifferenceClass, number>>>;
  readonly oldestOpenMs: number | undefined;
  readonly unknown: readonly (Span & { readonly source: string; readonly message: string })[];
}

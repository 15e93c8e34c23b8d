import type { Clock } from "../clock.ts";
import { checkedSource } from "./checked-source.ts";
import { compare } from "./compare.ts";
import { outOfTime } from "./patient-source.ts";
import type { LedgerSource } from "./ports.ts";
import { SourceFault } from "./source-fault.ts";
import type { Look, OpenDifference, Span, UnknownSpan } from "./state.ts";
import { wholeSpan } from "./windows.ts";

/** How many differences are written down together. */
const writtenAtOnce = 100;

/** What a look at a span has brought. */
export interface Looked {
  readonly found: number;
  /** What could not be compared, and why. */
  readonly unknown: readonly UnknownSpan[];
  /** What was not come to: time was over. */
  readonly rest: readonly Span[];
  /** Where something has not settled, not all of it. */
  readonly underWay: readonly Span[];
  /** Whether all of it could be sealed; where it could not, nothing was compared. */
  readonly isSealed: boolean;
  /** Whether a source took longer for an answer than it was given. */
  readonly isSlow: boolean;
}

/** Two sides, and how they are compared. */
export interface LookOptions {
  readonly left: LedgerSource;
  readonly right: LedgerSource;
  readonly spanMs: number;
  readonly lateAfterMs: number;
  readonly settledBeforeMs: number;
  /** Nothing can have happened at this moment or later. */
  readonly futureMs: number;
  /** Records older than this may be gone. */
  readonly keepMs: number;
  /** Writes what was found down. */
  readonly write: (found: readonly OpenDifference[]) => Promise<void>;
  readonly clock: Clock;
}

/** Seals a span on both sides, compares it, has written down what differs, and answers what stays unknown of it. */
export async function lookAt(span: Look, options: LookOptions): Promise<Looked> {
  const { left, right, spanMs, keepMs, write, clock } = options;
  const floor = (ms: number) => Math.floor(ms / spanMs) * spanMs;
  const unknown = new Map<string, UnknownSpan>();
  const rest = new Map<string, Span>();
  const underWay = new Map<string, Span>();
  let found = 0;
  let isSlow = false;
  /** The whole spans that a window lies in. */
  const around = (window: Span) => {
    const fromMs = Math.max(floor(window.fromMs), span.fromMs);
    const toMs = Math.min(floor(window.toMs + spanMs - 1), span.toMs);
    return { name: `${fromMs}-${toMs}`, fromMs, toMs };
  };
  const note = (window: Span, { code, source, message }: SourceFault) => {
    const { name, ...whole } = around(window);
    if (code === outOfTime) rest.set(name, whole);
    else if (!unknown.has(name)) unknown.set(name, { ...whole, source, message });
    isSlow ||= code === "source-slow";
  };
  const answer = (isSealed: boolean) => ({
    found,
    unknown: [...unknown.values()],
    rest: [...rest.values()],
    underWay: [...underWay.values()],
    isSealed,
    isSlow,
  });

  const sides = [checkedSource(left), checkedSource(right)];
  try {
    const { fromMs, toMs } = span;
    if (span.kind !== "settling") await Promise.all(sides.map((side) => side.seal({ fromMs, toMs })));
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    note(span, error);
    return answer(false);
  }
  const some: OpenDifference[] = [];
  for await (const finding of compare(left, right, wholeSpan(span.fromMs, span.toMs), options)) {
    if ("difference" in finding) {
      const seenMs = clock.nowMs();
      // Expired while it was compared: nobody can say any more whether it was ever there.
      if (finding.difference.timeMs < seenMs - keepMs) continue;
      some.push({ difference: finding.difference, firstSeenMs: seenMs, lastSeenMs: seenMs });
      found++;
      if (some.length >= writtenAtOnce) await write(some.splice(0));
    } else if ("unknown" in finding) note(finding.unknown, finding.fault);
    else {
      const { name, ...whole } = around(finding.underWay);
      underWay.set(name, whole);
    }
  }
  if (some.length > 0) await write(some);
  return answer(true);
}

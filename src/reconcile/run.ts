import { type Clock, systemClock, uuidv7 } from "../clock.ts";
import { OmnibusError } from "../errors.ts";
import { checkedSource } from "./checked-source.ts";
import { compare } from "./compare.ts";
import type { ReconcileJob, ReconcileReport } from "./job.ts";
import { countOpen, lookAgain } from "./look-again.ts";
import { SourceFault } from "./source-fault.ts";
import type { OpenDifference, Progress, ReconcileStore, Span } from "./state.ts";
import { wholeSpan } from "./windows.ts";

/** Thrown when another run has taken the job over, in the middle of this one. What was written stands. */
export class LeaseLost extends OmnibusError {
  constructor(job: string) {
    super("lease-lost", `job ${job} was taken over by another run: this one stops, the other one goes on`, {
      retryable: true,
    });
  }
}

const hourMs = 3_600_000;
/** A step is one comparison and one save: what a run that dies does again. */
const spansPerStep = 24;
/** Renewed with every step, so it only has to outlast the longest one. */
const defaultLeaseMs = 300_000;
/** How long before its records expire a span has its last look: this part of `keepMs`, and two spans at least. */
const lastLookPart = 0.1;
const keysAtOnce = 100;

/**
 * Runs a job once: looks again at what is open, tries again what was unknown, compares what has settled since the last
 * run, and gives spans whose records are about to expire their last look. A difference is thus reported at most
 * `settleMs` and one interval between runs after it exists.
 *
 * Killed anywhere, the next run goes on from the last step, and ends in the same state. Started five times at once, one
 * runs and the others answer `held`. Throws `LeaseLost` when it was too slow and another has taken over.
 */
export async function reconcile(
  job: ReconcileJob,
  {
    store,
    clock = systemClock,
    leaseMs = defaultLeaseMs,
    owner = uuidv7(clock),
  }: {
    readonly store: ReconcileStore;
    readonly clock?: Clock;
    readonly leaseMs?: number;
    readonly owner?: string;
  },
): Promise<ReconcileReport> {
  const { spanMs = hourMs, keepMs = Number.POSITIVE_INFINITY } = job;
  const atMs = clock.nowMs();
  const options = {
    spanMs,
    lateAfterMs: job.lateAfterMs ?? job.settleMs,
    settledBeforeMs: atMs - job.settleMs,
  };
  const begun = await store.begin(job.name, owner, atMs + leaseMs);
  if (begun.status === "held") return heldReport(job, atMs);

  const floor = (ms: number) => Math.floor(ms / spanMs) * spanMs;
  const start = floor(job.beginMs);
  let progress: Progress = begun.progress ?? {
    v: 1,
    comparedToMs: start,
    lastLookToMs: start,
    unknown: [],
  };
  let found = 0;
  const unknown: (Span & { source: string; message: string })[] = [];
  const owned = (written: boolean) => {
    if (!written) throw new LeaseLost(job.name);
  };
  const save = async (next: Progress) => {
    progress = next;
    owned(await store.save(job.name, owner, progress, clock.nowMs() + leaseMs));
  };

  const sides = [checkedSource(job.left), checkedSource(job.right)];
  /** Seals a span on both sides; answers what went wrong. */
  const seal = async (span: Span): Promise<SourceFault | undefined> => {
    try {
      await Promise.all(sides.map((side) => side.seal?.(span)));
      return undefined;
    } catch (error) {
      if (error instanceof SourceFault) return error;
      throw error;
    }
  };

  /** Seals and compares a span, writes what it finds down, and answers what stays unknown of it. */
  const look = async (span: Span): Promise<readonly Span[]> => {
    const unsealed = await seal(span);
    if (unsealed) {
      unknown.push({ ...span, source: unsealed.source, message: unsealed.message });
      return [span];
    }
    const faults = new Map<string, Span>();
    let some: OpenDifference[] = [];
    const write = async () => {
      if (some.length > 0) owned(await store.open(job.name, owner, some));
      some = [];
    };
    for await (const finding of compare(job.left, job.right, wholeSpan(span.fromMs, span.toMs), options)) {
      if ("difference" in finding) {
        const seenMs = clock.nowMs();
        some.push({ difference: finding.difference, firstSeenMs: seenMs, lastSeenMs: seenMs });
        found++;
        if (some.length >= keysAtOnce) await write();
        continue;
      }
      const { fault } = finding;
      const fromMs = Math.max(floor(finding.unknown.fromMs), span.fromMs);
      const toMs = Math.min(floor(finding.unknown.toMs + spanMs - 1), span.toMs);
      if (faults.has(`${fromMs}-${toMs}`)) continue;
      faults.set(`${fromMs}-${toMs}`, { fromMs, toMs });
      unknown.push({ fromMs, toMs, source: fault.source, message: fault.message });
    }
    await write();
    return [...faults.values()];
  };

  // Nothing that may have expired on one side is compared: it would only look missing.
  const expiredMs = floor(atMs - keepMs);
  const resolved = await lookAgain(job, { store, owner, clock, options, expiredMs, owned });
  const again = progress.unknown;
  for (const span of again) {
    const left = span.toMs <= expiredMs ? [] : await look(span);
    await save({ ...progress, unknown: merged([...without(progress.unknown, span), ...left]) });
  }
  const firstMs = Math.max(progress.comparedToMs, expiredMs);
  const settledMs = floor(atMs - job.settleMs);
  for (let fromMs = firstMs; fromMs < settledMs; ) {
    const toMs = Math.min(settledMs, fromMs + spansPerStep * spanMs);
    const left = await look({ fromMs, toMs });
    await save({ ...progress, comparedToMs: toMs, unknown: merged([...progress.unknown, ...left]) });
    fromMs = toMs;
  }
  const marginMs = Math.max(2 * spanMs, floor(keepMs * lastLookPart));
  const lastLookMs = Math.min(progress.comparedToMs, expiredMs + marginMs);
  for (let fromMs = Math.max(progress.lastLookToMs, expiredMs); fromMs < lastLookMs; ) {
    const toMs = Math.min(lastLookMs, fromMs + spansPerStep * spanMs);
    const left = await look({ fromMs, toMs });
    await save({ ...progress, lastLookToMs: toMs, unknown: merged([...progress.unknown, ...left]) });
    fromMs = toMs;
  }
  const compared =
    progress.comparedToMs > firstMs ? { fromMs: firstMs, toMs: progress.comparedToMs } : undefined;
  const { open, oldestOpenMs } = await countOpen(job.name, store);
  await store.end(job.name, owner);
  const differs = Object.keys(open).length > 0;
  const verdict = differs
    ? "differ"
    : progress.unknown.length > 0 || unknown.length > 0
      ? "unknown"
      : "agree";
  return { job: job.name, atMs, verdict, compared, found, resolved, open, oldestOpenMs, unknown };
}

function heldReport(job: ReconcileJob, atMs: number): ReconcileReport {
  return {
    job: job.name,
    atMs,
    verdict: "held",
    compared: undefined,
    found: 0,
    resolved: 0,
    open: {},
    oldestOpenMs: undefined,
    unknown: [],
  };
}

function without(spans: readonly Span[], one: Span): readonly Span[] {
  return spans.filter((span) => span !== one);
}

/** Spans that touch or overlap as one: a list of what is unknown must stay short, however long a source is down. */
function merged(spans: readonly Span[]): readonly Span[] {
  const sorted = [...spans].sort((one, other) => one.fromMs - other.fromMs);
  const found: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of sorted) {
    const last = found.at(-1);
    if (last && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else found.push({ fromMs, toMs });
  }
  return found;
}

import type { Clock } from "../clock.ts";
import { describeError, OmnibusError } from "../errors.ts";
import type { Leases } from "../leases/index.ts";
import { type SpanSealer, spanStartMs } from "../segments/index.ts";
import { emitMetrics, logLine, type Sink } from "../telemetry/index.ts";

/** A lease is renewed at every third of it: who dies leaves the work to others after a minute. */
const leaseMs = 60_000;
const renewMs = leaseMs / 3;
/** Nothing is begun, or gone on with, when less than this is left of the invocation. */
const marginMs = 5_000;

/** One kind in one invocation. */
export interface KindRun {
  readonly bus: string;
  readonly name: "archive" | "journal";
  readonly spans: SpanSealer;
  /** Removes what was sealed long ago; asks before each part whether to go on. */
  readonly tidy: (proceed: () => Promise<void>) => Promise<unknown>;
  readonly leases: Leases;
  readonly owner: string;
  readonly deadlineMs: number;
  readonly spanMs: number;
  readonly graceMs: number;
  readonly clock: Clock;
  readonly sink: Sink;
}

/** What was sealed of a kind. */
export interface SealedNow {
  /** `held`: another does it. */
  readonly status: "done" | "held" | "out-of-time" | "failed";
  readonly spans: number;
  readonly lines: number;
  readonly duplicates: number;
  /** How long the oldest span that is left waits since it could have been sealed. */
  readonly lagMs: number;
  /** What was thrown, span by span. */
  readonly failures: readonly unknown[];
}

/** Ends a seal without a trace: another has the lease, or there is no time. */
class GaveUp extends OmnibusError {}

/** Seals what is due of one kind, under its lease, and writes metrics. Throws what the store or the lease's table throw. */
export async function sealKind(run: KindRun): Promise<SealedNow> {
  const { name, spans, leases, owner, clock } = run;
  const lease = `seal#${name}`;
  const nothing = { spans: 0, lines: 0, duplicates: 0, lagMs: 0, failures: [] };
  if ((await leases.take(lease, owner, clock.nowMs() + leaseMs)).status === "held") {
    return { status: "held", ...nothing };
  }
  let renewedMs = clock.nowMs();
  /** Goes on only where the lease is ours and time is left. */
  const proceed = async () => {
    const nowMs = clock.nowMs();
    if (nowMs > run.deadlineMs - marginMs) throw new GaveUp("out-of-time", "the invocation is about to end");
    if (nowMs < renewedMs + renewMs) return;
    if (!(await leases.renew(lease, owner, nowMs + leaseMs))) {
      throw new GaveUp("lease-lost", `another seals the ${name} now`);
    }
    renewedMs = nowMs;
  };

  const sealed = { spans: 0, lines: 0, duplicates: 0 };
  const failures: unknown[] = [];
  let status: SealedNow["status"] = "done";
  const due = [...(await spans.due())];
  const left: string[] = [];
  try {
    for (let span = due.shift(); span !== undefined; span = due.shift()) {
      try {
        await proceed();
        const result = await spans.seal(span, proceed);
        if (result.status !== "sealed") continue;
        sealed.spans++;
        sealed.lines += result.lines;
        sealed.duplicates += result.duplicates;
      } catch (error) {
        left.push(span);
        if (error instanceof GaveUp) {
          status = error.code === "out-of-time" ? "out-of-time" : "held";
          left.push(...due.splice(0));
          break;
        }
        // One that cannot be sealed must not keep those behind it waiting.
        failures.push(error);
        report(run, span, error);
      }
    }
    if (status === "done") await tidy(run, proceed);
  } finally {
    await leases.release(lease, owner).catch(() => {});
  }
  const nowMs = clock.nowMs();
  const couldMs = (span: string) => (spanStartMs(span) ?? nowMs) + run.spanMs + run.graceMs;
  const lagMs = Math.max(0, ...left.map((span) => nowMs - couldMs(span)));
  emitMetrics({
    dimensions: { Bus: run.bus, Kind: name },
    timeMs: nowMs,
    values: {
      SealedSpans: sealed.spans,
      SealedLines: sealed.lines,
      SealedDuplicates: sealed.duplicates,
      SealFailed: failures.length,
      SealLagMs: lagMs,
    },
    sink: run.sink,
  });
  return { status: failures.length > 0 ? "failed" : status, ...sealed, lagMs, failures };
}

/** What is not removed now is by the next run: no reason to fail for what was sealed. */
async function tidy(run: KindRun, proceed: () => Promise<void>): Promise<void> {
  try {
    await run.tidy(proceed);
  } catch (error) {
    if (error instanceof GaveUp) return;
    const { name, message } = describeError(error);
    const fields = { message: "raw objects that are sealed could not be removed", kind: run.name };
    logLine(
      "warn",
      { ...fields, error: name, reason: message },
      { timeMs: run.clock.nowMs(), sink: run.sink },
    );
  }
}

function report({ name, clock, sink }: KindRun, span: string, error: unknown): void {
  const { name: errorName, message } = describeError(error);
  const fields = { message: `a span of the ${name} could not be sealed`, kind: name, span };
  logLine("error", { ...fields, error: errorName, reason: message }, { timeMs: clock.nowMs(), sink });
}

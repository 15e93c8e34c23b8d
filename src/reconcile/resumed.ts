import { OmnibusError } from "../errors.ts";
import { type ReconcileJob, timesOf } from "./job.ts";
import { againOf, expiredMs, lastLookMs, settledMs } from "./looks.ts";
import { withoutSpan } from "./spans.ts";
import type { Progress, Span, UnknownSpan } from "./state.ts";

/**
 * What a run goes on from, and what nobody will ever see: spans that have expired before they were compared.
 *
 * A clock that went back, or a longer `settleMs`, takes progress back as well: what was compared then had not settled.
 * Throws `OmnibusError` (`state-version`) for progress that a newer version has left.
 */
export function resumed(
  remembered: Progress | undefined,
  job: ReconcileJob,
  atMs: number,
): { readonly progress: Progress; readonly unseen: readonly UnknownSpan[] } {
  const times = timesOf(job, atMs);
  const expired = expiredMs(times);
  const startMs = Math.max(job.beginMs, expired);
  if (!remembered) {
    return {
      progress: { v: 1, beganMs: job.beginMs, comparedToMs: startMs, lastLookToMs: startMs, unknown: [] },
      unseen: [],
    };
  }
  if (remembered.v !== 1) throw tooNew(job, remembered);
  const settled = Math.max(job.beginMs, settledMs(times));
  const lastLook = Number.isFinite(times.keepMs) ? lastLookMs(times) : remembered.lastLookToMs;
  const gone = { fromMs: Number.NEGATIVE_INFINITY, toMs: startMs };
  const { comparedToMs, unknown, rest = [], underWay = [] } = remembered;
  const unseen = [...againOf(remembered), { fromMs: comparedToMs, toMs: Math.max(comparedToMs, expired) }]
    .map(({ fromMs, toMs }) => ({ fromMs: Math.max(fromMs, job.beginMs), toMs: Math.min(toMs, expired) }))
    .filter(({ fromMs, toMs }) => fromMs < toMs);
  return {
    progress: {
      ...remembered,
      comparedToMs: Math.max(startMs, Math.min(comparedToMs, settled)),
      lastLookToMs: Math.max(startMs, Math.min(remembered.lastLookToMs, lastLook)),
      unknown: withoutSpan(unknown, gone),
      rest: withoutSpan(rest, gone),
      underWay: withoutSpan(underWay, gone),
    },
    unseen: unseen.map((span) => neverSeen(span, job)),
  };
}

function neverSeen(span: Span, { left, right }: ReconcileJob): UnknownSpan {
  const message =
    "its records may have expired before it could be compared: what differs there stays unknown for ever";
  return { ...span, source: `${left.name}, ${right.name}`, message };
}

function tooNew({ name }: ReconcileJob, { v }: { readonly v: unknown }): OmnibusError {
  return new OmnibusError(
    "state-version",
    `job ${name} was last run by a newer version, which left its progress in the form ${String(v)}; this one knows form 1: run the newer one`,
  );
}

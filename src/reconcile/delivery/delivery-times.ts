import type { DeliverySettings, ReconcilerSettings } from "../../env.ts";
import { deliveryJobOf } from "../../names.ts";
import { longestRetryMs, survivedMs } from "../../plan/index.ts";
import type { KnownConsumer } from "./known-consumer.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Digests of the archive are kept by this, or by a span where that is shorter: as `segmentsOf` has it. */
const grainMs = 300_000;

/** The times of one consumer's job. */
export interface DeliveryTimes {
  readonly grainMs: number;
  /** What is younger may be under way. */
  readonly underWayMs: number;
  /** What is younger may be under way, or not be sealed on both sides: the settle time that is promised. */
  readonly settleMs: number;
  /** How long after its last claim an event may come to its end by itself. */
  readonly longestMs: number;
  /** How long both sides tell of an event. */
  readonly keepMs: number;
  /** What is older than something that is worked through by more than this was passed over. */
  readonly slackMs: number;
}

/**
 * The times of one consumer's job.
 *
 * ```
 *  published ──────── retries survive, and an hour ────────────────────▶ under way no more ─┐
 *            ──── its span ends ────▶ grace ──── the sealer comes ────▶ sealed            ─┴─▶ compared
 *                 ≤ span                         ≤ span
 * ```
 */
export function deliveryTimes(
  { spanMs, graceMs, retentionMs = Number.POSITIVE_INFINITY, settleMs }: DeliverySettings,
  known: KnownConsumer,
): DeliveryTimes {
  const underWayMs = settleMs ?? Math.ceil(survivedMs(known)) + hourMs;
  return {
    grainMs: Math.min(grainMs, spanMs),
    underWayMs,
    settleMs: Math.max(underWayMs, 2 * spanMs + graceMs),
    longestMs: longestRetryMs(known),
    // An event may be dated a day later than it happened.
    keepMs: Math.min(known.keepMs, retentionMs) - dayMs - spanMs,
    slackMs: spanMs,
  };
}

/** One consumer's job, as other reconciliations are set up: for its report, and for whoever asks about it. */
export function deliveryJobSettings(settings: DeliverySettings, known: KnownConsumer): ReconcilerSettings {
  const { v, bus, account, region, everyMs, auto } = settings;
  const times = deliveryTimes(settings, known);
  return {
    v,
    does: "reconcile",
    bus,
    account,
    region,
    job: deliveryJobOf(known.consumer),
    everyMs,
    settleMs: times.settleMs,
    spanMs: times.grainMs,
    keepMs: times.keepMs,
    ...(auto === undefined ? {} : { auto }),
  };
}

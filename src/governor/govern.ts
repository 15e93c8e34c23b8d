import { type Clock, sleep, uuidv7 } from "../clock.ts";
import { probePatienceMs } from "../probing/index.ts";
import { lookAround, type Probing } from "./look-around.ts";
import type { GovernorParts } from "./parts.ts";

/** One run of a governor, in its invocation. */
export interface GovernorTerms {
  /** Milliseconds until the invocation ends. */
  readonly remainingMs: () => number;
  /** How long it stands by while another governor is at work, to take over at its end. */
  readonly standbyMs: number;
  /** How long a recovery stays on each step. @default 10 s: a partner that cannot take it shows that sooner */
  readonly stepMs?: number;
}

/** `idle`: all is as it should be. `time`: its invocation ends. `lost`: another one has taken over. `standby`: it had no turn. */
export type GovernorEnd = "idle" | "time" | "lost" | "standby";

/** Renewed with every look. One that died is followed when this is over. */
export const leaseMs = 12_000;
/** At least so often it is looked again: somebody may have written. */
const lookEveryMs = 4_000;
/** However much is due. */
const shortestMs = 100;
const standbyPollMs = 1_000;
/** Left of an invocation for what is under way. */
const reserveMs = 2_000;
/** How often queues are asked how much they have in flight. */
const overflowEveryMs = 60_000;

const leaseName = "governor";

/**
 * Governs the mappings of one bus: each is enabled if and only if nothing holds its consumer. Stays while a dependency is
 * to be probed, a recovery is under way, or a mapping has not arrived where it should be, as long as its invocation lasts.
 *
 * May be killed at any moment, and run by many at once: one has the lease, and the next one goes on from what is written
 * down. One that has lost its lease without knowing does no harm: every change of a hold is conditional, and every
 * look puts right what a mapping was told. Throws when no lease can be had or given up for want of an answer; what fails
 * for one consumer is logged, and tried again with the next look.
 */
export async function govern(parts: GovernorParts, terms: GovernorTerms): Promise<GovernorEnd> {
  const { leases, clock } = parts;
  const owner = uuidv7(clock);
  const untilMs = clock.nowMs() + Math.min(terms.standbyMs, terms.remainingMs() - reserveMs);
  while ((await leases.take(leaseName, owner, clock.nowMs() + leaseMs)).status === "held") {
    if (clock.nowMs() + standbyPollMs > untilMs) return "standby";
    await sleep(clock, standbyPollMs);
  }
  const probing: Probing = { running: new Map(), notBeforeMs: new Map() };
  try {
    return await stay(parts, terms, owner, probing);
  } finally {
    // Before the last probes are over: somebody else may go on with all others.
    await leases.release(leaseName, owner).catch(() => {});
    await Promise.all(probing.running.values());
  }
}

async function stay(
  parts: GovernorParts,
  { remainingMs, stepMs = 10_000 }: GovernorTerms,
  owner: string,
  probing: Probing,
): Promise<GovernorEnd> {
  const { leases, clock } = parts;
  let overflowDueMs = clock.nowMs();
  for (;;) {
    const looksAtQueues = clock.nowMs() >= overflowDueMs;
    if (looksAtQueues) overflowDueMs = clock.nowMs() + overflowEveryMs;
    const mayProbe = remainingMs() >= probePatienceMs + reserveMs;
    const nextMs = await lookAround(parts, { stepMs, looksAtQueues, mayProbe, probing });
    if (nextMs === undefined && probing.running.size === 0) return "idle";
    if (!mayProbe) return "time";
    await waitFor(nextMs, probing, clock);
    if (!(await leases.renew(leaseName, owner, clock.nowMs() + leaseMs))) return "lost";
  }
}

/** Waits for what is due next, for a probe's end, or for the next look. */
async function waitFor(nextMs: number | undefined, { running }: Probing, clock: Clock): Promise<void> {
  const untilMs = Math.min(nextMs ?? Number.POSITIVE_INFINITY, clock.nowMs() + lookEveryMs);
  const woken = new AbortController();
  const due = sleep(clock, Math.max(shortestMs, untilMs - clock.nowMs()), woken.signal);
  await Promise.race([due, ...running.values()]);
  woken.abort();
}

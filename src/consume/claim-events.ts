import { backoffMs } from "../backoff.ts";
import { describeError, ledgerDependency } from "../errors.ts";
import type { ClaimResult, LedgerEvent } from "../ledger/index.ts";
import type { BatchRun } from "./batch-run.ts";
import type { Delivery, Readable } from "./delivery.ts";
import { pend } from "./pending.ts";
import { sendEmits } from "./send-emits.ts";

/** A claim that runs out at the same moment for many is not asked for by all of them at once. */
const heldJitterMs = 1_000;

/**
 * Step 3: claims what is to be handled, all in one call. What is done already is a duplicate (its unsent events
 * are sent now, as they were stored); what others hold comes back when their lease is over. When the ledger does
 * not answer, nothing runs: an effect that cannot be written down must not happen.
 */
export async function claimEvents(deliveries: readonly Delivery[], run: BatchRun): Promise<void> {
  const open = deliveries.filter(isOpen);
  const { mode } = run.settings;
  if (open.length === 0 || mode === "record" || mode === "none") return;
  let results: readonly ClaimResult[];
  try {
    results = await run.ledger.claim(
      open.map((delivery) => ({
        ...ledgerEvent(delivery.readable, run),
        redelivered: delivery.receives > 1,
      })),
      {
        owner: run.owner,
        leaseEndsMs: run.clock.nowMs() + run.deadline.remainingMs() + run.settings.marginMs,
      },
    );
  } catch (error) {
    for (const delivery of open) setUnavailable(delivery, run, describeError(error));
    return;
  }
  open.forEach((delivery, index) => {
    settleClaim(delivery, results[index] as ClaimResult, run);
  });
}

type Open = Delivery & { readonly readable: Readable };

/** Whether nothing is decided about a delivery yet. */
export function isOpen(delivery: Delivery): delivery is Open {
  return delivery.outcome === undefined && delivery.readable !== undefined && delivery.follows === undefined;
}

/** An event as the ledger knows it. */
export function ledgerEvent({ key, hash, event, replayId }: Readable, run: BatchRun): LedgerEvent {
  return {
    key,
    hash,
    consumer: run.settings.consumer,
    source: event.source,
    id: event.id,
    type: event.type,
    time: event.time,
    ...(replayId === undefined ? {} : { replay: replayId }),
  };
}

function settleClaim(delivery: Open, result: ClaimResult, run: BatchRun): void {
  switch (result.status) {
    case "claimed":
      delivery.claimed = true;
      delivery.attempt = result.attempts;
      delivery.takenOver = result.takenOver;
      if (result.attempts > run.settings.attempts) {
        delivery.outcome = {
          kind: "dead",
          reason: "attempts-exhausted",
          error: {
            name: "Unfinished",
            message: `run ${result.attempts - 1} of ${run.settings.attempts} never ended: the process died or ran out of time`,
          },
        };
      }
      return;
    case "done":
      delivery.outcome = { kind: "duplicate" };
      if (result.emits.length > 0) {
        const stored = { key: delivery.readable.key, messages: result.emits, isOld: true };
        delivery.sending = pend(sendEmits(delivery, stored, run), run);
      }
      return;
    case "held":
      delivery.outcome = {
        kind: "retry",
        reason: "held",
        delayMs: Math.max(0, result.leaseEndsMs - run.clock.nowMs()) + run.clock.random() * heldJitterMs,
      };
      return;
    case "id-reused":
      delivery.outcome = idReused(delivery);
      return;
    case "failed":
      setUnavailable(delivery, run, {
        name: result.code,
        message: "the ledger could not decide about this event",
      });
  }
}

/** The same identity with other data: which of the two is meant, only people can say. */
export function idReused(delivery: Delivery) {
  const { source, id } = delivery.readable?.event ?? { source: "", id: "" };
  return {
    kind: "dead",
    reason: "id-reused",
    error: {
      name: "IdReused",
      message: `${source} has published ${id} before, with other data; every event needs an id of its own`,
    },
  } as const;
}

function setUnavailable(delivery: Delivery, run: BatchRun, error: { name: string; message: string }): void {
  run.breaker?.failed(ledgerDependency, error.message);
  delivery.outcome = {
    kind: "retry",
    reason: "ledger-unavailable",
    delayMs: backoffMs(run.clock, delivery.receives, run.settings),
    error,
    dependency: ledgerDependency,
  };
}

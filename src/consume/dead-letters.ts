import { backoffMs } from "../backoff.ts";
import type { LedgerEvent, RecordRequest } from "../ledger/index.ts";
import { deadLetterQueueName } from "../names.ts";
import type { BatchRun } from "./batch-run.ts";
import { ledgerEvent } from "./claim-events.ts";
import { endClaim } from "./complete.ts";
import type { Delivery } from "./delivery.ts";
import { deadLetterAttributes } from "./omnibus-attribute.ts";
import type { Outcome } from "./outcome.ts";
import { pend } from "./pending.ts";
import type { DeadLetter } from "./ports.ts";

type Dead = Delivery & { outcome: Extract<Outcome, { kind: "dead" }> };

/**
 * Step 8 for what can never be handled: copied to the dead-letter queue, then `dead` in the ledger, then (by the
 * answer) gone from the work queue. A crash in between copies it twice; it never loses it. One that the dead-letter
 * queue does not take comes back.
 */
export async function sendDeadLetters(deliveries: readonly Delivery[], run: BatchRun): Promise<void> {
  const dead = deliveries
    .filter(isUnsent)
    .filter((one) => !waitsForOthers(one, deliveries) && run.groups.mayBury(one));
  if (dead.length === 0) return;
  for (const delivery of dead) delivery.copied = true;
  const taken = await run.queues.deadLetter(
    deadLetterQueueArn(run),
    dead.map((delivery) => letterOf(delivery, run)),
  );
  dead.forEach((delivery, index) => {
    if (taken[index]) {
      pend(markDead(delivery, delivery.outcome.reason, run), run);
      return;
    }
    (delivery as Delivery).outcome = {
      kind: "retry",
      reason: "dead-letter-failed",
      delayMs: backoffMs(run.clock, delivery.receives, run.settings),
      ...(delivery.outcome.error ? { error: delivery.outcome.error } : {}),
    };
  });
}

function isUnsent(delivery: Delivery): delivery is Dead {
  return delivery.outcome?.kind === "dead" && !delivery.copied;
}

/** Whether another event of the same message is undecided or must come again: see `keepTogether`. */
function waitsForOthers({ packed, record }: Delivery, deliveries: readonly Delivery[]): boolean {
  return (
    packed &&
    deliveries.some((other) => other.record === record && (!other.outcome || other.outcome.kind === "retry"))
  );
}

/** Where dead letters of this consumer go: the queue of the same account and region with our suffix. */
function deadLetterQueueArn({ queueArn, settings }: BatchRun): string {
  const place = queueArn.slice(0, queueArn.lastIndexOf(":") + 1);
  return place + deadLetterQueueName(settings.bus, settings.consumer, settings.fifo);
}

function letterOf(delivery: Dead, run: BatchRun): DeadLetter {
  const { record, carrier, index, group, replayId, body } = delivery;
  // Fair queues have groups as well, without an order.
  const { MessageGroupId: groupId } = record.attributes;
  return {
    body,
    attributes: deadLetterAttributes(record, delivery.outcome, {
      consumer: run.settings.consumer,
      attempts: delivery.attempt,
      nowMs: run.clock.nowMs(),
      replayId,
    }),
    ...(groupId === undefined ? {} : { groupId }),
    // The same for the same delivery, should it be copied twice; another one for whatever comes later.
    ...(group === undefined
      ? {}
      : {
          deduplicationId: `${record.messageId}-${index}${record === carrier ? "" : `-${carrier.messageId}`}`,
        }),
  };
}

/**
 * Writes `dead` where the ledger can follow this event: also where no contract fits it, since whoever asks what became of it asks
 * the ledger. An event whose identity belongs to another one (`id-reused`) has no item of its own. A write that fails changes
 * nothing: the copy is safe, and the claim's lease runs out.
 */
async function markDead(delivery: Delivery, reason: string, run: BatchRun): Promise<void> {
  const { readable, unfit } = delivery;
  const { mode } = run.settings;
  if (reason === "id-reused") return;
  if (readable && delivery.claimed) {
    delivery.claimed = false;
    await endClaim({ key: readable.key, to: "dead", reason }, run);
  } else if (readable && mode === "record") {
    await recordDead(ledgerEvent(readable, run), delivery.attempt, reason, run);
  } else if (unfit && mode !== "none") {
    // It never ran.
    await recordDead(unfit, 0, reason, run);
  }
}

async function recordDead(
  event: LedgerEvent,
  attempts: number,
  reason: string,
  run: BatchRun,
): Promise<void> {
  const request: RecordRequest = { ...event, attempts, ending: { to: "dead", reason } };
  await run.records.add(request).catch(() => {});
}

import { uuidv7 } from "../clock.ts";
import type { BatchRun, ConsumerParts } from "./batch-run.ts";
import { claimEvents, idReused } from "./claim-events.ts";
import { createDeadline } from "./deadline.ts";
import { decodeRecords } from "./decode-records.ts";
import type { Delivery } from "./delivery.ts";
import { groupCommit } from "./group-commit.ts";
import { holdBack } from "./hold-back.ts";
import { probeAnswer } from "./probe-answer.ts";
import { logUnfinished, report } from "./report.ts";
import { runHandlers } from "./run-handlers.ts";
import { createRunning } from "./running.ts";
import { writeEmits } from "./send-emits.ts";
import { settle } from "./settle.ts";
import type { LambdaContext, SqsBatchResponse, SqsRecord } from "./sqs-event.ts";
import { reserveStarts } from "./start-slots.ts";
import { writeEndings } from "./write-endings.ts";

/**
 * One SQS batch, step by step: decode → hold back → claim → reserve starts → handle → complete → dead letters → delays → answer.
 *
 * Every claim ends as `done`, `dead` or `released` before the answer; the answer names exactly the messages that
 * must come again. A handler that does not stop in time is never answered over: what is known is written down, and
 * the process ends, so that SQS hands the whole batch out again and the ledger knows which of it was done.
 */
export async function runBatch(
  records: readonly SqsRecord[],
  context: LambdaContext,
  parts: ConsumerParts,
  { probing = false }: { readonly probing?: boolean } = {},
): Promise<SqsBatchResponse> {
  const first = records[0];
  if (!first) return { batchItemFailures: [] };
  const run = beginRun(first, context, parts, probing);
  try {
    const deliveries = await decodeRecords(records, parts.contracts, parts.settings.consumer);
    await holdBack(deliveries, run);
    await claimEvents(deliveries, run);
    const starts = await reserveStarts(deliveries, run);
    await runHandlers(deliveries, run, starts, () => settle(deliveries, run));
    await starts.close();
    await settle(deliveries, run);
    settleRepeats(deliveries);
    keepTogether(deliveries);
    await settle(deliveries, run);
    // Decided here: what ends from now on is neither buried nor sent, so it must come again, however it ends.
    const unfinished = new Set(deliveries.filter(isUnfinished));
    await Promise.all([delayRetries(deliveries, run), run.breaker?.settle()]);
    report(
      deliveries.filter((delivery) => !unfinished.has(delivery)),
      run,
    );
    if (unfinished.size > 0) {
      logUnfinished(unfinished, run);
      parts.endProcess();
    }
    const answered = answer(deliveries, unfinished);
    if (!probing) return answered;
    const probe = probeAnswer(deliveries);
    if (probe.verdict === "up") run.breaker?.forget();
    return { ...answered, probe };
  } finally {
    run.deadline.dispose();
  }
}

function beginRun(
  first: SqsRecord,
  context: LambdaContext,
  parts: ConsumerParts,
  probing: boolean,
): BatchRun {
  const { clock, ledger } = parts;
  const owner = `${context.awsRequestId}/${uuidv7(clock)}`;
  return {
    ...parts,
    owner,
    queueArn: first.eventSourceARN,
    deadline: createDeadline(clock, context.getRemainingTimeInMillis(), parts.settings.marginMs),
    endings: groupCommit({
      clock,
      write: (items) => writeEndings(items, (some) => ledger.end(some, owner), clock),
    }),
    records: groupCommit({ clock, write: (items) => writeEndings(items, ledger.record, clock) }),
    emits: groupCommit({ clock, write: (items) => writeEmits(items, parts) }),
    pending: new Set(),
    running: createRunning(),
    probing,
  };
}

/** An event that came twice in one batch shares the outcome of its first delivery; with other data it is dead. */
function settleRepeats(deliveries: readonly Delivery[]): void {
  for (const delivery of deliveries) {
    const { follows } = delivery;
    if (!follows || delivery.outcome) continue;
    const sameData = delivery.readable?.hash === follows.readable?.hash;
    if (!sameData && isUnjudged(follows)) {
      // Which of the two the ledger knows is not known yet: both come again.
      delivery.outcome = follows.outcome;
    } else if (!sameData && follows.outcome?.kind === "dead" && follows.outcome.reason === "id-reused") {
      // Its first delivery was the impostor: next time it comes without it.
      delivery.outcome = { kind: "retry", reason: "held", delayMs: 0 };
    } else if (!sameData) {
      delivery.outcome = idReused(delivery);
    } else if (follows.outcome?.kind === "retry") {
      delivery.outcome = follows.outcome;
    } else if (follows.outcome) {
      delivery.outcome = { kind: "duplicate" };
    }
  }
}

function isUnjudged({ outcome }: Delivery): boolean {
  return outcome?.kind === "retry" && outcome.reason === "ledger-unavailable";
}

/**
 * A message with several events is acknowledged as a whole or comes again as a whole. Its dead ones are buried when no
 * other one has to come again: buried earlier, they would be buried again each time.
 */
function keepTogether(deliveries: readonly Delivery[]): void {
  const again = new Set(deliveries.filter(comesAgain).map(({ record }) => record));
  for (const delivery of deliveries) {
    const { packed, copied, record, outcome } = delivery;
    if (!packed || copied || outcome?.kind !== "dead" || !again.has(record)) continue;
    const { error } = outcome;
    delivery.outcome = { kind: "retry", reason: "packed-together", delayMs: 0, ...(error ? { error } : {}) };
  }
}

function comesAgain({ outcome }: Delivery): boolean {
  return !outcome || outcome.kind === "retry";
}

/** Its handler still runs, or threw after the dead letters were sent. */
function isUnfinished({ outcome, started, copied }: Delivery): boolean {
  return started && (!outcome || (outcome.kind === "dead" && !copied));
}

/** Step 8 for what comes again: each waits for its own time, set for all in one call. */
async function delayRetries(deliveries: readonly Delivery[], run: BatchRun): Promise<void> {
  const delays = new Map<string, number>();
  for (const { record, outcome } of deliveries) {
    // What stays with others of its message comes when they do.
    if (outcome?.kind !== "retry" || outcome.reason === "packed-together") continue;
    const seconds = Math.ceil(outcome.delayMs / 1000);
    delays.set(record.receiptHandle, Math.min(delays.get(record.receiptHandle) ?? seconds, seconds));
  }
  if (delays.size === 0) return;
  const entries = [...delays].map(([receiptHandle, delaySeconds]) => ({ receiptHandle, delaySeconds }));
  await run.queues.delay(run.queueArn, entries);
}

/** Step 9: a message comes again when any event in it must. One without an outcome was never ended: it comes again. */
function answer(deliveries: readonly Delivery[], unfinished: ReadonlySet<Delivery>): SqsBatchResponse {
  const again = new Set<string>();
  for (const delivery of deliveries) {
    if (unfinished.has(delivery) || comesAgain(delivery)) again.add(delivery.record.messageId);
  }
  return { batchItemFailures: [...again].map((itemIdentifier) => ({ itemIdentifier })) };
}

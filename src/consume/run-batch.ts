import { uuidv7 } from "../clock.ts";
import { type CommitRequest, type Committed, commit } from "../transaction/index.ts";
import type { BatchRun, ConsumerParts } from "./batch-run.ts";
import { claimEvents } from "./claim-events.ts";
import { createDeadline } from "./deadline.ts";
import { decodeRecords } from "./decode-records.ts";
import type { Delivery } from "./delivery.ts";
import { groupCommit } from "./group-commit.ts";
import { holdBack } from "./hold-back.ts";
import { parkGroups } from "./park-groups.ts";
import { nobodyParks } from "./parked-groups.ts";
import { probeAnswer } from "./probe-answer.ts";
import { type ClaimedEnvelope, redeemClaims } from "./redeem-claims.ts";
import { logUnfinished, report } from "./report.ts";
import { runHandlers } from "./run-handlers.ts";
import { createRunning } from "./running.ts";
import { writeEmits } from "./send-emits.ts";
import { settle } from "./settle.ts";
import { settleRepeat } from "./settle-repeat.ts";
import { spareShadows } from "./spare-shadows.ts";
import type { LambdaContext, SqsBatchResponse, SqsRecord } from "./sqs-event.ts";
import { reserveStarts } from "./start-slots.ts";
import { writeEndings } from "./write-endings.ts";

/**
 * One SQS batch, step by step: holds → parked groups → decode → claim → reserve starts → handle → complete → dead
 * letters → delays → answer.
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
  const held = !probing && (await parts.breaker?.look()) !== undefined;
  const run = beginRun(first, context, parts, { probing, held });
  try {
    const incoming = await run.groups.open(records);
    const { contracts, settings } = parts;
    const redeem = held ? undefined : (envelopes: readonly ClaimedEnvelope[]) => redeemClaims(envelopes, run);
    const decoded = await decodeRecords(incoming, { contracts, consumer: settings.consumer, redeem });
    // Before a group could be parked behind one.
    spareShadows(decoded, run);
    const deliveries = run.groups.admit(decoded);
    if (held) holdBack(deliveries, run);
    await claimEvents(deliveries, run);
    spareShadows(deliveries, run);
    const starts = await reserveStarts(deliveries, run);
    await runHandlers(deliveries, run, starts, () => settle(deliveries, run));
    await starts.close();
    await settle(deliveries, run);
    for (const delivery of deliveries) settleRepeat(delivery);
    keepTogether(deliveries);
    await settle(deliveries, run);
    run.groups.close();
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
    const answered = answer(deliveries, unfinished, run);
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
  { probing, held }: { readonly probing: boolean; readonly held: boolean },
): BatchRun {
  const { clock, ledger } = parts;
  const owner = `${context.awsRequestId}/${uuidv7(clock)}`;
  const run: BatchRun = {
    ...parts,
    owner,
    queueArn: first.eventSourceARN,
    deadline: createDeadline(clock, context.getRemainingTimeInMillis(), parts.settings.marginMs),
    endings: groupCommit({
      clock,
      write: (items) => writeEndings(items, (some) => ledger.end(some, owner), clock),
    }),
    records: groupCommit({ clock, write: (items) => writeEndings(items, ledger.record, clock) }),
    commits: groupCommit({
      clock,
      maxItems: 1,
      write: (requests) => Promise.all(requests.map((request) => commitOne(request, run))),
    }),
    emits: groupCommit({ clock, write: (items) => writeEmits(items, parts) }),
    pending: new Set(),
    running: createRunning(),
    probing,
    // Held, nothing is touched: no line grows, and none is released.
    groups: parts.parkedStore && !held ? parkGroups(parts.parkedStore, () => run) : nobodyParks,
  };
  return run;
}

/** Handlers have half the margin to wind up in; what is not committed by then comes again. */
async function commitOne(
  request: CommitRequest,
  { transactions, deadline, settings, clock }: BatchRun,
): Promise<Committed> {
  if (!transactions) return { status: "failed", code: "no transactions" };
  const leftMs = () => deadline.remainingMs() - settings.marginMs / 2;
  return commit(transactions, request, { clock, leftMs });
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
  const delay = (receiptHandle: string, delayMs: number) => {
    const seconds = Math.ceil(delayMs / 1000);
    delays.set(receiptHandle, Math.min(delays.get(receiptHandle) ?? seconds, seconds));
  };
  for (const { carrier, outcome } of deliveries) {
    // What stays with others of its message comes when they do.
    if (outcome?.kind !== "retry" || followers.has(outcome.reason)) continue;
    delay(carrier.receiptHandle, outcome.delayMs);
  }
  for (const [carrier, delayMs] of run.groups.again) delay(carrier.receiptHandle, delayMs);
  for (const { carrier, outcome } of deliveries) {
    if (outcome?.kind !== "retry" || outcome.reason !== "group-stopped" || delays.has(carrier.receiptHandle))
      continue;
    delay(carrier.receiptHandle, outcome.delayMs);
  }
  if (delays.size === 0) return;
  const entries = [...delays].map(([receiptHandle, delaySeconds]) => ({ receiptHandle, delaySeconds }));
  await run.queues.delay(run.queueArn, entries);
}

/** Those that come again for another one's sake: in one message with it, they wait as long as it does. */
const followers = new Set<string>(["packed-together", "group-stopped"]);

/** Step 9: a message comes again when any event in it must. One without an outcome was never ended: it comes again. */
function answer(
  deliveries: readonly Delivery[],
  unfinished: ReadonlySet<Delivery>,
  { groups }: BatchRun,
): SqsBatchResponse {
  const again = new Set<string>();
  for (const delivery of deliveries) {
    if (unfinished.has(delivery) || comesAgain(delivery)) again.add(delivery.carrier.messageId);
  }
  for (const { messageId } of groups.again.keys()) again.add(messageId);
  return { batchItemFailures: [...again].map((itemIdentifier) => ({ itemIdentifier })) };
}

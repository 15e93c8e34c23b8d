import { backoffMs } from "../backoff.ts";
import type { WireMessage } from "../contract/index.ts";
import { describeError, ledgerDependency } from "../errors.ts";
import type { Ending, EndResult, RecordResult } from "../ledger/index.ts";
import type { BatchRun } from "./batch-run.ts";
import { idReused, ledgerEvent } from "./claim-events.ts";
import { commitWrites } from "./commit-writes.ts";
import type { Delivery, Readable } from "./delivery.ts";
import type { Outcome } from "./outcome.ts";
import { pend } from "./pending.ts";
import type { RunResults } from "./run-result.ts";
import { sendEmits } from "./send-emits.ts";

/**
 * Step 6: the handler has returned. Writes the completion, with the emitted events inside, then has those sent. The
 * outcome is known when the promise resolves, after the group commit; it never rejects.
 */
export function complete(
  delivery: Delivery,
  readable: Readable,
  results: RunResults,
  run: BatchRun,
): Promise<void> {
  return pend(write(delivery, readable, results, run), run);
}

async function write(
  delivery: Delivery,
  readable: Readable,
  results: RunResults,
  run: BatchRun,
): Promise<void> {
  const { emits } = results;
  if (run.settings.mode === "none") {
    delivery.outcome = { kind: "handled" };
    if (emits.length > 0) await sendEmits(delivery, { key: undefined, messages: emits }, run);
    return;
  }
  const written = await writeDown(delivery, readable, results, run);
  if (!written) return;
  delivery.outcome = written.outcome;
  if (written.unsent.length > 0)
    await sendEmits(delivery, { key: readable.key, messages: written.unsent, isOld: written.isOld }, run);
}

/** Answers nothing where the run has failed after all. */
async function writeDown(
  delivery: Delivery,
  readable: Readable,
  { emits, writes, ...result }: RunResults,
  run: BatchRun,
): Promise<Written | undefined> {
  if (run.settings.mode === "record")
    return ofRecord(await record(readable, emits, delivery, run), emits, delivery, run);
  const ended =
    writes.length > 0
      ? await commitWrites(delivery, readable, { emits, writes, ...result }, run)
      : await endClaim({ key: readable.key, to: "done", emits, ...result }, run);
  return ended && ofEnd(ended, emits, delivery, run);
}

/** Ends a claim; an ending that did not get through is `failed`. Never rejects. */
export async function endClaim(ending: Ending, run: BatchRun): Promise<EndResult> {
  try {
    return await run.endings.add(ending);
  } catch (error) {
    return { status: "failed", code: describeError(error).message };
  }
}

interface Written {
  readonly outcome: Outcome;
  readonly unsent: readonly WireMessage[];
  /** Another delivery has stored them. */
  readonly isOld?: boolean;
}

function ofEnd(result: EndResult, emits: readonly WireMessage[], delivery: Delivery, run: BatchRun): Written {
  switch (result.status) {
    case "ended":
      return { outcome: { kind: "handled" }, unsent: emits };
    case "lost":
      return {
        outcome: {
          kind: "retry",
          reason: "lost",
          delayMs: 0,
          error: {
            name: "Lost",
            message: "the lease had run out and another run has taken over: its result counts",
          },
        },
        unsent: [],
      };
    case "failed":
      return { outcome: notRecorded(result.code, delivery, run), unsent: [] };
  }
}

function ofRecord(
  result: RecordResult,
  emits: readonly WireMessage[],
  delivery: Delivery,
  run: BatchRun,
): Written {
  switch (result.status) {
    case "recorded":
      return { outcome: { kind: "handled" }, unsent: emits };
    case "already":
      return { outcome: { kind: "duplicate" }, unsent: result.emits, isOld: true };
    case "id-reused":
      return { outcome: idReused(delivery), unsent: [] };
    case "failed":
      return { outcome: notRecorded(result.code, delivery, run), unsent: [] };
  }
}

async function record(
  readable: Readable,
  emits: readonly WireMessage[],
  delivery: Delivery,
  run: BatchRun,
): Promise<RecordResult> {
  try {
    return await run.records.add({
      ...ledgerEvent(readable, run),
      attempts: delivery.attempt,
      ending: { to: "done", emits },
    });
  } catch (error) {
    return { status: "failed", code: describeError(error).message };
  }
}

function notRecorded(code: string, delivery: Delivery, run: BatchRun): Outcome {
  run.breaker?.failed(ledgerDependency, code);
  return {
    kind: "retry",
    reason: "not-recorded",
    delayMs: backoffMs(run.clock, delivery.receives, run.settings),
    error: { name: "NotRecorded", message: `the handler ran, but the ledger did not take its end: ${code}` },
    dependency: ledgerDependency,
  };
}

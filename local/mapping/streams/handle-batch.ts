import { type Clock, sleep } from "../../../src/clock.ts";
import { describeError } from "../../../src/errors.ts";
import { dynamodb } from "../../../src/limits-of-aws.ts";
import { readAnswer } from "../answer.ts";
import { createBackoff } from "../backoff.ts";
import type { InvokePort, InvokeResult } from "../ports.ts";
import { eventJson } from "../record.ts";
import { afterFailure, type Piece } from "./after-failure.ts";
import type { Discarded } from "./discarded.ts";
import type { StreamMappingEvent } from "./running-stream-mapping.ts";
import type { StreamMappingSpec } from "./stream-mapping-spec.ts";
import type { StreamEntry } from "./stream-record.ts";

/** What `handleBatch` takes. */
export interface BatchOptions {
  readonly spec: StreamMappingSpec;
  readonly functions: InvokePort;
  readonly clock: Clock;
  /** Ends the tries: what is not settled then is left. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: StreamMappingEvent) => void;
  /** Handled: they do not come again. */
  readonly onHandled: (entries: readonly StreamEntry[]) => void;
  /** To be given up; settles when that is done. */
  readonly discard: (discarded: Discarded) => Promise<void>;
}

/** Lambda's own pauses are not written down; these are short at first, for who develops with it. */
const retryPauses = { firstMs: 500, maxMs: 60_000 };

/**
 * Tries a batch until each of its records is handled or given up, in order: nothing else of its lane goes on meanwhile.
 *
 *     try ── all handled
 *      ├── failed from record n on: 1 … n-1 are handled, the rest is tried again, halved if so wished
 *      ├── throttled: tried again, and not counted
 *      └── too often, or too old: given up, and on with the rest
 */
export async function handleBatch(batch: readonly StreamEntry[], options: BatchOptions): Promise<void> {
  const { spec, clock, signal, onHandled, discard } = options;
  const { maximumRetryAttempts = Number.POSITIVE_INFINITY, maximumRecordAgeMs } = spec;
  const maxAgeMs = Math.min(maximumRecordAgeMs ?? dynamodb.streamRetentionMs, dynamodb.streamRetentionMs);
  const backoff = createBackoff(clock, retryPauses);
  let pieces: readonly Piece<StreamEntry>[] = [{ entries: batch, failures: 0 }];
  let invocations = 0;
  let result: InvokeResult | undefined;

  for (let [piece] = pieces; piece !== undefined && !signal.aborted; [piece] = pieces) {
    const others = pieces.slice(1);
    const { entries, failures } = piece;
    if (failures > maximumRetryAttempts) {
      await discard({ entries, condition: "RetryAttemptsExhausted", invocations, result });
      pieces = others;
      continue;
    }
    const old = countWhile(entries, ({ createdMs }) => clock.nowMs() - createdMs >= maxAgeMs);
    if (old > 0) {
      const tooOld = entries.slice(0, old);
      await discard({ entries: tooOld, condition: "RecordAgeExceeded", invocations, result });
      pieces = old === entries.length ? others : [{ entries: entries.slice(old), failures }, ...others];
      continue;
    }
    const { answer, firstFailed } = await invoke(entries, options);
    // The host that ends answers for the functions it has ended: that says nothing of the records.
    if (signal.aborted && answer.status !== "ok") return;
    result = answer;
    if (answer.status === "throttled") {
      await sleep(clock, backoff.nextMs(), signal);
      continue;
    }
    invocations++;
    if (firstFailed > 0) {
      onHandled(entries.slice(0, firstFailed));
      backoff.reset();
    }
    pieces =
      firstFailed === entries.length
        ? others
        : [...afterFailure(piece, firstFailed, spec.bisectBatchOnFunctionError), ...others];
    if (firstFailed < entries.length) await sleep(clock, backoff.nextMs(), signal);
  }
}

/** Invokes once; all before `firstFailed` is handled. */
async function invoke(
  entries: readonly StreamEntry[],
  { spec, functions, clock, onEvent }: BatchOptions,
): Promise<{ answer: InvokeResult; firstFailed: number }> {
  const startMs = clock.nowMs();
  let answer: InvokeResult;
  try {
    answer = await functions.invoke(spec.functionName, eventJson(entries.map(({ json }) => json)));
  } catch (error) {
    // The port promises not to reject; a shard must not stand still because of one that does.
    answer = { status: "error", kind: "exit", payload: describeError(error).message };
  }
  if (answer.status === "throttled") {
    onEvent({ type: "throttled", records: entries.length });
    return { answer, firstFailed: 0 };
  }
  const idOf = ({ record }: StreamEntry) => record.dynamodb.SequenceNumber;
  const { failed, reason } = readAnswer(answer, entries, idOf, spec.reportBatchItemFailures);
  const named = new Set(failed);
  const firstFailed = countWhile(entries, (entry) => !named.has(entry));
  onEvent({
    type: "batch",
    records: entries.length,
    failed: entries.length - firstFailed,
    durationMs: clock.nowMs() - startMs,
    ...(reason === undefined ? {} : { reason }),
  });
  return { answer, firstFailed };
}

function countWhile<T>(items: readonly T[], holds: (item: T) => boolean): number {
  const end = items.findIndex((item) => !holds(item));
  return end < 0 ? items.length : end;
}

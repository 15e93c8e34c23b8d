import { describeError } from "../../errors.ts";
import { logLine } from "../../telemetry/index.ts";
import { comparePart } from "../compare-part.ts";
import { budgetOf } from "./budget.ts";
import type { PartedJob } from "./job-parts.ts";
import { type PartRecord, readPartMessage } from "./request.ts";
import { visit } from "./visit.ts";

/** With less time than this, whoever finishes last leaves the rest to another invocation. */
const leastVisitMs = 60_000;

/** The answer to a batch: the messages that are to come again. */
export interface PartsAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Compares the parts whose messages came. Whoever finishes the last part of a job goes on with the job: collects, repairs,
 * reports. A message that cannot be read, or whose part fails, comes again, and is dead in the end.
 */
export async function workParts(
  records: readonly PartRecord[],
  parts: PartedJob,
  remainingMs: () => number,
): Promise<PartsAnswer> {
  const failed: { readonly itemIdentifier: string }[] = [];
  for (const { messageId, body } of records) {
    try {
      await workPart(body, parts, remainingMs);
    } catch (thrown) {
      const { name, message } = describeError(thrown);
      const fields = { message: `a part failed (${name}: ${message})`, job: parts.job.name, messageId };
      logLine("error", fields, { timeMs: parts.clock.nowMs(), sink: parts.sink });
      failed.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures: failed };
}

async function workPart(body: string, parts: PartedJob, remainingMs: () => number): Promise<void> {
  const { job, store, clock } = parts;
  const message = readPartMessage(body);
  if (message.part !== undefined) {
    const { comparedByMs, endsMs } = budgetOf({
      nowMs: clock.nowMs(),
      remainingMs: remainingMs(),
      repairs: false,
    });
    const done = await comparePart(job, message, {
      store,
      parts: parts.parts,
      clock,
      untilMs: comparedByMs,
      leaseMs: Math.max(1, endsMs - clock.nowMs()),
    });
    if (done.status !== "compared" || !done.isLast) return;
    if (remainingMs() < leastVisitMs) {
      await parts.parts.send([{ v: 1, job: job.name }]);
      return;
    }
  }
  await visit(parts, { remainingMs: remainingMs() });
}

import { backoffMs } from "../backoff.ts";
import { TransactionError } from "../errors.ts";
import type { EndResult } from "../ledger/index.ts";
import type { Item } from "../transaction/index.ts";
import type { BatchRun } from "./batch-run.ts";
import type { Delivery, Readable } from "./delivery.ts";
import { failRun } from "./fail-run.ts";
import type { RunResults } from "./run-result.ts";
import type { AskedWrite } from "./writer.ts";

/**
 * Step 6 in mode `transaction`: the handler's writes, what it emits and the completion, in one transaction. What its conditions
 * or DynamoDB refused is as if the handler had thrown; what others kept busy until the time was over comes again, no
 * nearer to death: then there is no result, and the delivery has its outcome. Never rejects.
 */
export async function commitWrites(
  delivery: Delivery,
  { key }: Readable,
  { writes, ...results }: RunResults,
  run: BatchRun,
): Promise<EndResult | undefined> {
  const request = { key, owner: run.owner, ...results, writes: writes.map(({ write }) => write) };
  const result = await run.commits.add(request);
  if (result.status !== "refused" && result.status !== "invalid") run.breaker?.ended();
  switch (result.status) {
    case "refused":
      failRun(refusal(writes[result.at] as AskedWrite, result.item), delivery, run);
      return undefined;
    case "invalid":
      failRun(
        new TransactionError("refused", `DynamoDB refused the writes (${result.code}): ${result.message}`),
        delivery,
        run,
      );
      return undefined;
    case "conflict":
      delivery.started = false;
      delivery.outcome = {
        kind: "retry",
        reason: "conflict",
        // By receives: attempts do not grow here.
        delayMs: backoffMs(run.clock, delivery.receives, run.settings),
        error: {
          name: "Conflict",
          message: `others wrote to the same items until the time was over (${result.code})`,
        },
      };
      return undefined;
    case "committed":
      return { status: "ended" };
    default:
      return result;
  }
}

/** What the run has failed with: the user's own word on it, if there is one. */
function refusal({ write, onConditionFailed }: AskedWrite, item: Item | undefined): unknown {
  try {
    const own = onConditionFailed?.(item);
    if (own !== undefined) return own;
  } catch (thrown) {
    return thrown;
  }
  const [kind, content] = Object.entries(write)[0] ?? [];
  return new TransactionError(
    "condition-failed",
    `the condition of ${kind} in ${content?.TableName} does not hold: ${content?.ConditionExpression}; nothing was written, and the event is tried again; say otherwise with ctx.write(…, { onConditionFailed })`,
    { retryable: true },
  );
}

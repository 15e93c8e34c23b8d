import { backoffMs } from "../backoff.ts";
import { claimLimits, readClaim } from "../claim-check/index.ts";
import type { Claim, Decoded, Envelope } from "../contract/index.ts";
import { claimDependency, describeError } from "../errors.ts";
import type { BatchRun } from "./batch-run.ts";
import type { Outcome } from "./outcome.ts";

/** An event whose data lies in the bucket of claims. */
export interface ClaimedEnvelope {
  readonly envelope: Envelope;
  readonly claim: Claim;
  /** How often SQS has handed its message out. */
  readonly receives: number;
}

/** The event with its data, or why there is none for good; `later`: it has to come again. */
export type Redeemed = Decoded | { readonly later: Outcome };

/** GETs at once. */
const mostGets = 4;

/**
 * Reads the data of a batch's claims: a few at once, and no more than fits into memory together; what is over comes again.
 * When the bucket does not answer, what it would have said is not known: that comes again, too, and no nearer to death.
 * Answers in the order of what it is given; never rejects, and never takes longer than the batch has.
 */
export async function redeemClaims(
  claimed: readonly ClaimedEnvelope[],
  run: BatchRun,
): Promise<readonly Redeemed[]> {
  const results: (Redeemed | undefined)[] = claimed.map(() => undefined);
  let bytes = 0;
  const read = [...claimed.entries()].filter(([index, { claim }]) => {
    bytes += claim.bytes;
    if (index === 0 || bytes <= claimLimits.batchBytes) return true;
    results[index] = { later: { kind: "retry", reason: "no-room", delayMs: 0 } };
    return false;
  });
  let next = 0;
  const worker = async () => {
    for (let entry = read[next++]; entry && run.deadline.mayStart(); entry = read[next++]) {
      const [index, { envelope, claim, receives }] = entry;
      try {
        results[index] = await readClaim(envelope, claim, run.claims);
      } catch (error) {
        results[index] = { later: unavailable(describeError(error), receives, run) };
      }
    }
  };
  const workers = Promise.all(Array.from({ length: Math.min(mostGets, read.length) }, worker));
  await Promise.race([workers, run.deadline.over]);
  return results.map((result) => result ?? { later: { kind: "retry", reason: "no-time", delayMs: 0 } });
}

function unavailable(error: { name: string; message: string }, receives: number, run: BatchRun): Outcome {
  run.breaker?.failed(claimDependency, error.message);
  return {
    kind: "retry",
    reason: "claim-unavailable",
    delayMs: backoffMs(run.clock, receives, run.settings),
    error,
    dependency: claimDependency,
  };
}

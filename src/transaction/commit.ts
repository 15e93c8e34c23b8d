import { backoffMs } from "../backoff.ts";
import { type Clock, sleep, uuidv7 } from "../clock.ts";
import { describeError } from "../errors.ts";
import type { CommitAnswer, CommitRequest, TransactionStore } from "./ports.ts";

/** What became of a transaction in the end. */
export type Committed =
  | Exclude<CommitAnswer, { status: "fenced" }>
  /** Another run has taken the event over: nothing of this one is written. */
  | { readonly status: "lost" }
  /** Whether it is committed is not known: nobody answers. The claim says it later. */
  | { readonly status: "failed"; readonly code: string };

/** So often no answer may come. Each of these calls has been tried three times by its client already. */
const maxUnanswered = 3;
const delays = { firstDelayMs: 25, maxDelayMs: 1_000 };

/**
 * Commits a handler's writes with the completion of its event. Conflicts are tried again, with backoff, as long as time
 * is left: `leftMs` says how much. A lost answer is recognised: the ledger's item says whether this owner's try has been committed. A later
 * try, under a token of its own, cannot repeat an earlier one, for that has closed the claim. Never rejects.
 */
export async function commit(
  store: TransactionStore,
  request: CommitRequest,
  { clock, leftMs }: { readonly clock: Clock; readonly leftMs: () => number },
): Promise<Committed> {
  let unanswered = 0;
  for (let attempt = 1; ; attempt++) {
    const answer = await tryOnce(store, request, uuidv7(clock));
    if (answer.status === "failed") unanswered++;
    else if (answer.status !== "conflict") return answer;
    const delayMs = backoffMs(clock, attempt, delays);
    if (unanswered === maxUnanswered || delayMs >= leftMs()) return answer;
    await sleep(clock, delayMs);
  }
}

async function tryOnce(store: TransactionStore, request: CommitRequest, token: string): Promise<Committed> {
  try {
    const answer = await store.commit({ ...request, token });
    if (answer.status !== "fenced") return answer;
    return { status: answer.claim === "done" ? "committed" : "lost" };
  } catch (error) {
    const failed = { status: "failed", code: describeError(error).message } as const;
    // Where the ledger does not answer either, the next try asks again.
    const claim = await store.claimState(request.key, request.owner).catch(() => "open" as const);
    if (claim === "open") return failed;
    return { status: claim === "done" ? "committed" : "lost" };
  }
}

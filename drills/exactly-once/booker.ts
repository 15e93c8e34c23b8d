import { type ConsumeOptions, consume, type SqsHandler } from "../../src/consume/index.ts";
import type { TransactionStore } from "../../src/transaction/index.ts";
import { booking } from "./booking.ts";
import { transferAsked, transferBooked } from "./contracts.ts";
import type { Die } from "./crash-points.ts";
import type { Transfer } from "./transfers.ts";

/**
 * A process that books transfers: the pipeline and its transactions as they are deployed, with the process's end in front of
 * a transaction, behind it, or behind its batch, where a transfer says so.
 */
export function createBooker({
  store,
  die,
  options = {},
}: {
  readonly store: TransactionStore;
  readonly die: Die;
  readonly options?: ConsumeOptions;
}): SqsHandler {
  /** By the ledger's key. */
  const crashes = new Map<string, { readonly index: number; readonly crash: string }>();
  let invocation = "";
  let dying: number | undefined;
  const transactions: TransactionStore = {
    ...store,
    async commit(attempt) {
      const { crash, index = 0 } = crashes.get(attempt.key) ?? {};
      if (crash === "before-write") await die(crash, index, invocation);
      const answer = await store.commit(attempt);
      if (answer.status !== "committed") return answer;
      if (crash === "before-answer") await die(crash, index, invocation);
      if (crash === "after-answer") dying = index;
      return answer;
    },
  };
  const book = consume(
    transferAsked,
    ({ data: { partner: _, crash, ...transfer } }, ctx) => {
      if (crash !== undefined && ctx.attempt === 1)
        crashes.set(ctx.effectKey, { index: transfer.index, crash });
      ctx.emit(transferBooked, { index: transfer.index });
      return booking(transfer satisfies Transfer);
    },
    { ...options, transactions },
  );
  return async (event, context) => {
    invocation = context.awsRequestId;
    const answer = await book(event, context);
    if (dying !== undefined) await die("after-answer", dying, invocation);
    return answer;
  };
}

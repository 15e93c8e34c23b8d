import { type Clock, systemClock } from "../clock.ts";
import { wireTarget } from "../env.ts";
import { completionWrite, readLedgerItem } from "../ledger/index.ts";
import { ledgerKeyAttribute } from "../names.ts";
import type { CancellationReason } from "../wire/index.ts";
import { claimStateOf } from "./claim-state.ts";
import type { DynamoCalls } from "./dynamo-call.ts";
import type { ClaimState, CommitAnswer, TransactionStore, Write } from "./ports.ts";
import { sdkCalls } from "./sdk-calls.ts";
import { wireCalls } from "./wire-calls.ts";

/**
 * Transactions on DynamoDB: one TransactWriteItems a try, the ledger's completion first in it. `keepMs`: how long the ledger
 * keeps what is done. `calls`: small signed calls or the AWS SDK's, as the environment allows, unless told.
 */
export function dynamoTransactions({
  table,
  keepMs,
  clock = systemClock,
  calls = defaultCalls(),
}: {
  /** The ledger's. */
  readonly table: string;
  readonly keepMs: number;
  readonly clock?: Clock;
  readonly calls?: DynamoCalls;
}): TransactionStore {
  const claimState = async (key: string, owner: string): Promise<ClaimState> => {
    const item = await calls.get({ TableName: table, Key: { [ledgerKeyAttribute]: { S: key } } });
    return claimStateOf(readLedgerItem(item), owner);
  };

  return {
    ledger: table,
    read: calls.get,
    claimState,
    async commit({ key, owner, emits, result, writes, token }) {
      const nowMs = clock.nowMs();
      const expires = Math.ceil((nowMs + keepMs) / 1000);
      const completion = completionWrite({ table, key, owner, emits, result, nowMs, expires });
      const answer = await calls.transact([completion, ...writes.map(telling)], token);
      switch (answer.status) {
        case "written":
          return { status: "committed" };
        case "busy":
          return { status: "conflict", code: answer.code };
        case "invalid":
          return answer;
        case "canceled": {
          const [fence, ...others] = answer.reasons;
          if (fence?.Code !== conditionFailed) return answerOf(fence, others);
          const claim = fence.Item
            ? claimStateOf(readLedgerItem(fence.Item), owner)
            : await claimState(key, owner);
          return claim === "open"
            ? { status: "conflict", code: conditionFailed }
            : { status: "fenced", claim };
        }
      }
    },
  };
}

const conditionFailed = "ConditionalCheckFailed";
/** What a later try may do better. (API_TransactWriteItems, cancellation reasons) */
const passing = new Set(["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]);

/** What cancelled a transaction whose claim is still open. */
function answerOf(
  fence: CancellationReason | undefined,
  others: readonly CancellationReason[],
): CommitAnswer {
  const at = others.findIndex(({ Code }) => Code === conditionFailed);
  if (at >= 0) return { status: "refused", at, item: others[at]?.Item };
  const spoken = [fence, ...others].filter((reason) => reason?.Code && reason.Code !== "None");
  const final = spoken.find((reason) => !passing.has(reason?.Code ?? ""));
  if (final) return { status: "invalid", code: final.Code ?? "", message: final.Message ?? "" };
  return { status: "conflict", code: spoken[0]?.Code ?? "TransactionCanceled" };
}

/** A failed condition brings the item back: whoever is asked what to do about it wants to see it. */
function telling({ Put, Update, Delete, ConditionCheck }: Write): Write {
  const told = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;
  return {
    ...(Put ? { Put: { ...Put, ...told } } : {}),
    ...(Update ? { Update: { ...Update, ...told } } : {}),
    ...(Delete ? { Delete: { ...Delete, ...told } } : {}),
    ...(ConditionCheck ? { ConditionCheck: { ...ConditionCheck, ...told } } : {}),
  };
}

/** By small signed calls where the environment has keys and region, as in every Lambda function. */
function defaultCalls(): DynamoCalls {
  const target = wireTarget("dynamodb");
  return target ? wireCalls(target) : sdkCalls();
}

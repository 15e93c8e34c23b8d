import { consume, type SqsHandler } from "../../src/consume/index.ts";
import { readSettings } from "../../src/env.ts";
import { ledgerTableName } from "../../src/names.ts";
import { dynamoTransactions } from "../../src/transaction/index.ts";
import { booking } from "./booking.ts";
import { transferAsked, transferBooked } from "./contracts.ts";
import { standAt } from "./crash-points.ts";
import type { Transfer } from "./transfers.ts";

const { bus = "", keepMs = 0 } = readSettings() ?? {};
const store = dynamoTransactions({ table: ledgerTableName(bus), keepMs });
/** By the ledger's key: where the run of a transfer is to die. */
const crashes = new Map<string, Pick<Transfer, "index" | "crash">>();
let invocation = "";
/** The transfer behind whose batch this process is to die. */
let dying: number | undefined;

const book = consume(
  transferAsked,
  ({ data }, ctx) => {
    if (data.crash !== undefined && ctx.attempt === 1)
      crashes.set(ctx.effectKey, { ...data, crash: data.crash });
    ctx.emit(transferBooked, { index: data.index });
    const { index, from, to, cents } = data;
    return booking({ index, from, to, cents });
  },
  {
    // The transactions of a deployed consumer, with a process's end in front of them and behind.
    transactions: {
      ...store,
      async commit(attempt) {
        const { crash, index = 0 } = crashes.get(attempt.key) ?? {};
        if (crash === "before-write") await standAt(crash, index, invocation);
        const answer = await store.commit(attempt);
        if (crash === "before-answer" && answer.status === "committed")
          await standAt(crash, index, invocation);
        if (crash === "after-answer" && answer.status === "committed") dying = index;
        return answer;
      },
    },
  },
);

/** Books transfers; its process dies where a transfer says so. */
export const handler: SqsHandler = async (event, context) => {
  invocation = context.awsRequestId;
  const answer = await book(event, context);
  if (dying !== undefined) await standAt("after-answer", dying, invocation);
  return answer;
};

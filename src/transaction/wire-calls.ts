import type { WireTarget } from "../env.ts";
import { type CancellationReason, dynamodbWire } from "../wire/index.ts";
import { fromWire, toWire } from "./binary-values.ts";
import { answerOf, type DynamoCalls } from "./dynamo-call.ts";
import type { Item } from "./ports.ts";

/** `DynamoCalls` over signed HTTP: one transaction for every event. */
export function wireCalls(target: WireTarget): DynamoCalls {
  const call = dynamodbWire(target);
  return {
    get: async ({ TableName, Key }) => {
      const { body } = await call("GetItem", { TableName, Key: toWire(Key), ConsistentRead: true });
      const { Item: item } = JSON.parse(body) as { readonly Item?: Item };
      return item && fromWire(item);
    },
    transact: async (items, ClientRequestToken) => {
      try {
        await call("TransactWriteItems", { TransactItems: toWire(items), ClientRequestToken });
        return { status: "written" };
      } catch (error) {
        const answer = answerOf(error);
        if (!answer) throw error;
        return answer.status === "canceled" ? { ...answer, reasons: answer.reasons.map(withBytes) } : answer;
      }
    },
  };
}

function withBytes(reason: CancellationReason): CancellationReason {
  return reason.Item ? { ...reason, Item: fromWire(reason.Item) } : reason;
}

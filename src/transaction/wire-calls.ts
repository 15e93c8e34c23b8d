import type { WireTarget } from "../env.ts";
import { dynamodbWire, WireError } from "../wire/index.ts";
import { fromWire, toWire } from "./binary-values.ts";
import { type DynamoCalls, type Reason, refusalOf } from "./dynamo-call.ts";
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
        const refusal = error instanceof WireError ? refusalOf(explained(error)) : undefined;
        if (!refusal) throw error;
        return refusal;
      }
    },
  };
}

/** The error with what its body says beside it, as the AWS SDK's errors have it. */
function explained({ name, message, $metadata, answer }: WireError): object {
  if (name !== "TransactionCanceledException") return { name, message, $metadata };
  const { CancellationReasons = [] } = JSON.parse(answer?.body || "{}") as {
    readonly CancellationReasons?: readonly Reason[];
  };
  return {
    name,
    message,
    $metadata,
    CancellationReasons: CancellationReasons.map((reason) =>
      reason.Item ? { ...reason, Item: fromWire(reason.Item) } : reason,
    ),
  };
}

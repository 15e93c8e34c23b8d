import type { WireTarget } from "../env.ts";
import { dynamodbWire, WireError } from "../wire/index.ts";
import { type CallAnswer, type DynamoCalls, dateOf, type Item, refusalOf } from "./dynamo-call.ts";

/** `DynamoCalls` over signed HTTP: one for every batch of every limited consumer. */
export function wireCalls(target: WireTarget): DynamoCalls {
  const call = dynamodbWire(target);
  const answerOf = async (operation: string, input: unknown): Promise<CallAnswer> => {
    try {
      const { body, date } = await call(operation, input);
      const { Attributes: item } = JSON.parse(body) as { readonly Attributes?: Item };
      return { storeMs: dateOf(date), outcome: { status: "written", item } };
    } catch (error) {
      const outcome = error instanceof WireError ? refusalOf(explained(error)) : undefined;
      if (!outcome || !(error instanceof WireError)) throw error;
      return { storeMs: dateOf(error.answer?.date), outcome };
    }
  };
  return {
    update: (input) => answerOf("UpdateItem", input),
    transact: (TransactItems, ClientRequestToken) =>
      answerOf("TransactWriteItems", { TransactItems, ClientRequestToken }),
  };
}

/** The error with what its body says beside it, as the AWS SDK's errors have it. */
function explained(error: WireError): object {
  const { Item, CancellationReasons } = JSON.parse(error.answer?.body || "{}") as Record<string, unknown>;
  return { name: error.name, Item, CancellationReasons };
}

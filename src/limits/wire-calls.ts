import type { WireTarget } from "../env.ts";
import { dynamodbWire, refusalOf, WireError } from "../wire/index.ts";
import { type CallAnswer, type DynamoCalls, dateOf, type Item } from "./dynamo-call.ts";

/** `DynamoCalls` over signed HTTP: one for every batch of every limited consumer. */
export function wireCalls(target: WireTarget): DynamoCalls {
  const call = dynamodbWire(target);
  const answerOf = async (operation: string, input: unknown): Promise<CallAnswer> => {
    try {
      const { body, date } = await call(operation, input);
      const { Attributes: item } = JSON.parse(body) as { readonly Attributes?: Item };
      return { storeMs: dateOf(date), outcome: { status: "written", item } };
    } catch (error) {
      const outcome = refusalOf(error);
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

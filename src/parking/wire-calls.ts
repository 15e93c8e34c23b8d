import type { WireTarget } from "../env.ts";
import { dynamodbWire, refusalOf } from "../wire/index.ts";
import type { DynamoCalls } from "./dynamo-call.ts";

/** `DynamoCalls` over signed HTTP: markers are read for every batch of a consumer that parks. */
export function wireCalls(target: WireTarget): DynamoCalls {
  const call = dynamodbWire(target);
  const read = async (operation: string, input: unknown) =>
    JSON.parse((await call(operation, input)).body) as never;
  return {
    get: (input) => read("BatchGetItem", input),
    query: (input) => read("Query", input),
    transact: async (TransactItems, ClientRequestToken) => {
      try {
        await call("TransactWriteItems", { TransactItems, ClientRequestToken });
        return "written";
      } catch (error) {
        const refusal = refusalOf(error);
        if (!refusal) throw error;
        return refusal.status;
      }
    },
  };
}

import type { WireTarget } from "../env.ts";
import { dynamodbWire, refusalOf } from "../wire/index.ts";
import type { DynamoCalls } from "./dynamo-calls.ts";
import type { Item } from "./row.ts";

/** `DynamoCalls` over signed HTTP: a relay makes them for every batch. */
export function wireCalls(target: WireTarget): DynamoCalls {
  const call = dynamodbWire(target);
  const read = async (operation: string, input: unknown) =>
    JSON.parse((await call(operation, input)).body) as never;
  return {
    get: (input) => read("BatchGetItem", input),
    query: (input) => read("Query", input),
    write: (input) => read("BatchWriteItem", input),
    update: async (input) => {
      try {
        const { body } = await call("UpdateItem", input);
        const { Attributes: item = {} } = JSON.parse(body) as { Attributes?: Item };
        return { written: true, item };
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal?.status !== "refused") throw error;
        return { written: false, item: refusal.items[0] ?? {} };
      }
    },
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

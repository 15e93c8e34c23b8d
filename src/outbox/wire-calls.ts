import type { WireTarget } from "../env.ts";
import { dynamodbWire, WireError } from "../wire/index.ts";
import { type DynamoCalls, isRefused, refusalOf } from "./dynamo-calls.ts";
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
        if (!(error instanceof WireError && isRefused(error.name))) throw error;
        const { Item: item = {} } = JSON.parse(error.answer?.body || "{}") as { Item?: Item };
        return { written: false, item };
      }
    },
    transact: async (TransactItems, ClientRequestToken) => {
      try {
        await call("TransactWriteItems", { TransactItems, ClientRequestToken });
        return "written";
      } catch (error) {
        const refusal = error instanceof WireError ? refusalOf(error.name, reasonsOf(error)) : undefined;
        if (!refusal) throw error;
        return refusal;
      }
    },
  };
}

/** What the AWS SDK's errors have beside their name; here it is in the answer's body. */
function reasonsOf({ answer }: WireError): readonly { Code?: string }[] | undefined {
  const { CancellationReasons } = JSON.parse(answer?.body || "{}") as {
    CancellationReasons?: readonly { Code?: string }[];
  };
  return CancellationReasons;
}

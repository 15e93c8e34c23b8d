import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { awsClient } from "../aws-client.ts";
import { refusalOf } from "../wire/index.ts";
import { type CallAnswer, type DynamoCalls, dateOf, type Item } from "./dynamo-call.ts";

/** `DynamoCalls` through the AWS SDK. The client is loaded and made on first use, for the environment's endpoint. */
export function sdkCalls({ client }: { client?: DynamoDBClient } = {}): DynamoCalls {
  let sdk: ReturnType<typeof load> | undefined;
  const answerOf = async (
    send: (loaded: Awaited<ReturnType<typeof load>>) => Promise<{ readonly Attributes?: Item | undefined }>,
  ): Promise<CallAnswer> => {
    sdk ??= load(client);
    const loaded = await sdk;
    try {
      const output = await send(loaded);
      return {
        storeMs: dateOf(loaded.dates.get(output)),
        outcome: { status: "written", item: output.Attributes },
      };
    } catch (error) {
      const outcome = refusalOf(error);
      if (!outcome) throw error;
      const { $response } = error as { $response?: { headers?: Record<string, string> } };
      return { storeMs: dateOf($response?.headers?.date), outcome };
    }
  };
  return {
    update: (input) => answerOf(({ made, UpdateItemCommand }) => made.send(new UpdateItemCommand(input))),
    transact: (items, ClientRequestToken) =>
      answerOf(
        ({ made, TransactWriteItemsCommand }) =>
          made.send(
            new TransactWriteItemsCommand({ TransactItems: [...items], ClientRequestToken }),
          ) as Promise<{ readonly Attributes?: Item }>,
      ),
  };
}

async function load(given: DynamoDBClient | undefined) {
  const sdk = await import("./dynamodb-sdk.ts");
  const made = given ?? awsClient(sdk.DynamoDBClient, { maxAttempts: 3 });
  /** The `Date` header of each answer: the SDK keeps it to itself. */
  const dates = new WeakMap<object, string | undefined>();
  made.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers } = result.response as { headers?: Record<string, string> };
      dates.set(result.output as object, headers?.date);
      return result;
    },
    { step: "deserialize", priority: "high", name: "omnibusDate", override: true },
  );
  return { made, dates, ...sdk };
}

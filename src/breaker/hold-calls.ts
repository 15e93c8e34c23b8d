import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { awsClient } from "../aws-client.ts";
import { wireTarget } from "../env.ts";
import { dynamodbWire } from "../wire/index.ts";

export type HoldOperation = "BatchGetItem" | "GetItem" | "UpdateItem";

/** One operation of DynamoDB, by its own names; answers its output. Throws AWS's errors, by their `name`. */
export type HoldCalls = (operation: HoldOperation, input: object) => Promise<object>;

/**
 * By small signed calls where the environment has keys and region, as in every Lambda function; else through the AWS
 * SDK, which knows all other ways to keys.
 */
export function defaultHoldCalls(): HoldCalls {
  const target = wireTarget("dynamodb");
  if (!target) return sdkHoldCalls();
  const call = dynamodbWire(target);
  return async (operation, input) => JSON.parse((await call(operation, input)).body) as object;
}

/** `HoldCalls` through the AWS SDK. The client is loaded and made on first use, for the environment's endpoint. */
export function sdkHoldCalls({ client }: { client?: DynamoDBClient } = {}): HoldCalls {
  let sdk: ReturnType<typeof load> | undefined;
  return async (operation, input) => {
    sdk ??= load(client);
    const { made, commands } = await sdk;
    const Command = commands[operation] as new (input: object) => object;
    return (made.send as (command: object) => Promise<object>).call(made, new Command(input));
  };
}

async function load(given: DynamoDBClient | undefined) {
  const { BatchGetItemCommand, DynamoDBClient, GetItemCommand, UpdateItemCommand } = await import(
    "./dynamodb-sdk.ts"
  );
  return {
    made: given ?? awsClient(DynamoDBClient, { maxAttempts: 3 }),
    commands: {
      BatchGetItem: BatchGetItemCommand,
      GetItem: GetItemCommand,
      UpdateItem: UpdateItemCommand,
    } satisfies Record<HoldOperation, unknown>,
  };
}

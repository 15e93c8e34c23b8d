import type { ConsumedCapacity, DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** DynamoDB's units, as it has counted them itself. */
export interface Units {
  read: number;
  write: number;
}

const writing = /^(BatchWrite|Put|Update|Delete|TransactWrite)/;

/** Has every call through a client answer what it consumed, and adds that up: whoever calls, asked for it or not. */
export function countUnits(client: DynamoDBClient): Units {
  const units: Units = { read: 0, write: 0 };
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: "TOTAL" } });
        const { ConsumedCapacity = [] } = answer.output as {
          ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
        };
        for (const { CapacityUnits = 0 } of [ConsumedCapacity].flat()) {
          units[writing.test(commandName) ? "write" : "read"] += CapacityUnits;
        }
        return answer;
      },
    { step: "initialize" },
  );
  return units;
}

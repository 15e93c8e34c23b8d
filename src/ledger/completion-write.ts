import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { WireMessage } from "../contract/index.ts";
import { ledgerExpiryAttribute, ledgerKeyAttribute } from "../names.ts";

/**
 * What ends a claim as `done` inside a transaction of DynamoDB: the same as `Ledger.end` does, under the same fence. `expires`
 * in seconds since the epoch.
 */
export function completionWrite({
  table,
  key,
  owner,
  emits,
  result,
  nowMs,
  expires,
}: {
  readonly table: string;
  readonly key: string;
  readonly owner: string;
  readonly emits: readonly WireMessage[];
  readonly result?: string | undefined;
  readonly nowMs: number;
  readonly expires: number;
}): TransactWriteItem {
  const stored = emits.length > 0;
  return {
    Update: {
      TableName: table,
      Key: { [ledgerKeyAttribute]: { S: key } },
      UpdateExpression: `SET #state = :done, #ended = :now, #expires = :expires${stored ? ", #emits = :emits" : ""}${result === undefined ? "" : ", #result = :result"}`,
      ConditionExpression: "#owner = :owner AND #state = :claimed",
      ExpressionAttributeNames: {
        "#state": "state",
        "#ended": "ended",
        "#expires": ledgerExpiryAttribute,
        "#owner": "owner",
        ...(stored ? { "#emits": "emits" } : {}),
        ...(result === undefined ? {} : { "#result": "result" }),
      },
      ExpressionAttributeValues: {
        ":done": { S: "done" },
        ":claimed": { S: "claimed" },
        ":owner": { S: owner },
        ":now": { N: String(nowMs) },
        ":expires": { N: String(expires) },
        ...(stored ? { ":emits": { S: JSON.stringify(emits) } } : {}),
        ...(result === undefined ? {} : { ":result": { S: result } }),
      },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
  };
}

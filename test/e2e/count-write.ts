import type { Update } from "@aws-sdk/client-dynamodb";
import { promisesTable } from "./promise-contracts.ts";

/** Adds to what stands under a name: done twice, it shows. */
export function countWrite(name: string, by = 1): Update & { UpdateExpression: string } {
  return {
    TableName: promisesTable,
    Key: { pk: { S: name } },
    UpdateExpression: "ADD #n :by",
    ExpressionAttributeNames: { "#n": "n" },
    ExpressionAttributeValues: { ":by": { N: String(by) } },
  };
}

import type { WireTarget } from "../env.ts";
import { dynamodbWire } from "../wire/index.ts";
import type { BatchStatementResponse, ExecuteStatements } from "./statement-port.ts";

/**
 * `ExecuteStatements` over signed HTTP, without the AWS SDK: the ledger's calls are made twice for every batch of every
 * consumer. Statements hold strings and numbers only, so DynamoDB's JSON is all there is to read and write.
 */
export function wireStatements(target: WireTarget): ExecuteStatements {
  const call = dynamodbWire(target);
  return async (statements) => {
    const { body } = await call("BatchExecuteStatement", { Statements: statements });
    const answer = JSON.parse(body) as { readonly Responses?: readonly BatchStatementResponse[] };
    return answer.Responses ?? [];
  };
}

import type { AttributeValue, BatchStatementRequest, BatchStatementResponse } from "@aws-sdk/client-dynamodb";

export type { AttributeValue, BatchStatementRequest, BatchStatementResponse };

/**
 * The one call that the DynamoDB adapter makes: BatchExecuteStatement, up to 25 statements, all reads or all
 * writes. Answers one response per statement, in order; throws when the call as a whole failed.
 */
export type ExecuteStatements = (
  statements: readonly BatchStatementRequest[],
) => Promise<readonly BatchStatementResponse[]>;

import type { WireTarget } from "../env.ts";
import { type WireClient, WireError, wireClient } from "../wire/index.ts";
import type { BatchStatementResponse, ExecuteStatements } from "./statement-port.ts";

const headers = {
  "content-type": "application/x-amz-json-1.0",
  "x-amz-target": "DynamoDB_20120810.BatchExecuteStatement",
};

/**
 * `ExecuteStatements` over signed HTTP, without the AWS SDK: the ledger's calls are made twice for every batch of every
 * consumer. Statements hold strings and numbers only, so DynamoDB's JSON is all there is to read and write.
 */
export function wireStatements(target: WireTarget): ExecuteStatements {
  let client: WireClient | undefined;
  return async (statements) => {
    client ??= wireClient({ service: "dynamodb", target, maxAttempts: 3, errorOf });
    const answer = JSON.parse(
      await client({ headers, body: JSON.stringify({ Statements: statements }) }),
    ) as {
      readonly Responses?: readonly BatchStatementResponse[];
    };
    return answer.Responses ?? [];
  };
}

/** `{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"…"}` */
function errorOf(body: string, status: number): WireError {
  try {
    const { __type = "", message, Message } = JSON.parse(body) as Record<string, string | undefined>;
    return new WireError(
      __type.slice(__type.lastIndexOf("#") + 1) || `Status${status}`,
      message ?? Message ?? "",
      status,
    );
  } catch {
    return new WireError(`Status${status}`, body.slice(0, 200), status);
  }
}

import type { WireTarget } from "../env.ts";
import { type WireAnswer, type WireClient, WireError, wireClient } from "./wire-client.ts";

/**
 * DynamoDB over signed HTTP, without the AWS SDK: one operation, its input as DynamoDB's own JSON, and the answer as it
 * came. Tried three times. Inputs that hold binary values are not for it: nothing here encodes them.
 */
export function dynamodbWire(target: WireTarget): (operation: string, input: unknown) => Promise<WireAnswer> {
  let client: WireClient | undefined;
  return (operation, input) => {
    client ??= wireClient({ service: "dynamodb", target, maxAttempts: 3, errorOf });
    const headers = {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${operation}`,
    };
    return client({ headers, body: JSON.stringify(input) });
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

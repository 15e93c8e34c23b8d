import type { Clock } from "../../src/clock.ts";
import type { InvokeResult } from "../mapping/index.ts";
import type { FunctionSpec } from "./function-spec.ts";

/** What a destination is told of an event: JSON text. (invocation-async-destinations) */
export function invocationRecord({
  spec,
  requestId,
  payload,
  condition,
  invocations,
  result,
  clock,
}: {
  spec: FunctionSpec;
  requestId: string;
  payload: string;
  condition: string;
  invocations: number;
  result: InvokeResult | undefined;
  clock: Clock;
}): string {
  const isAnswered = result !== undefined && result.status !== "throttled";
  return JSON.stringify({
    version: "1.0",
    timestamp: new Date(clock.nowMs()).toISOString(),
    requestContext: {
      requestId,
      functionArn: `${spec.arn}:$LATEST`,
      condition,
      approximateInvokeCount: invocations,
    },
    requestPayload: jsonOf(payload),
    ...(isAnswered
      ? {
          responseContext: {
            statusCode: 200,
            executedVersion: "$LATEST",
            ...(result.status === "error" ? { functionError: "Unhandled" } : {}),
          },
          responsePayload: jsonOf(result.payload),
        }
      : {}),
  });
}

/** What stands beside the event in a function's dead-letter queue. (invocation-async-retain-records) */
export function deadLetterAttributes(
  requestId: string,
  result: InvokeResult | undefined,
): Record<string, string> {
  const isError = result?.status === "error";
  const { errorMessage = "" } = (isError ? jsonOf(result.payload) : {}) as { errorMessage?: string };
  return {
    RequestID: requestId,
    ErrorCode: isError ? "200" : "429",
    ErrorMessage: (isError ? String(errorMessage) || "the function failed" : "Rate Exceeded.").slice(
      0,
      1_024,
    ),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

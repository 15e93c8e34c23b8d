import { systemClock } from "../../src/clock.ts";
import { lambda } from "../../src/limits-of-aws.ts";
import type { EnvironmentAnswer, Invocation } from "./environment.ts";
import { errorPayload, thrownPayload } from "./error-payload.ts";
import type { NodeHandler } from "./load-handler.ts";

/**
 * Runs a Node handler once and makes its answer JSON, as Lambda's own runtime does: `undefined` becomes `null`,
 * whatever is thrown becomes `{ errorType, errorMessage, trace }`. Never rejects.
 */
export async function runHandler(
  handler: NodeHandler,
  { requestId, payload, deadlineMs }: Invocation,
  functionArn: string,
): Promise<EnvironmentAnswer> {
  try {
    const result = await handler(JSON.parse(payload), contextOf(requestId, deadlineMs, functionArn));
    const answer = JSON.stringify(result) ?? "null";
    const bytes = Buffer.byteLength(answer);
    if (bytes <= lambda.invokePayloadBytes) return { status: "ok", payload: answer };
    return {
      status: "error",
      kind: "thrown",
      payload: errorPayload(
        "Function.ResponseSizeTooLarge",
        `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${lambda.invokePayloadBytes} bytes).`,
      ),
    };
  } catch (thrown) {
    return { status: "error", kind: "thrown", payload: thrownPayload(thrown) };
  }
}

/** The context object. (nodejs-context) */
function contextOf(awsRequestId: string, deadlineMs: number, invokedFunctionArn: string) {
  return {
    awsRequestId,
    invokedFunctionArn,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    // The code that runs here has the machine's time and no other.
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - systemClock.nowMs()),
  };
}

import { lambda } from "../../../src/limits-of-aws.ts";
import type { EventInvocations, FunctionHost, FunctionSpec } from "../../lambda/index.ts";
import { answer, apiError } from "../api-answer.ts";
import type { ForwardedAnswer, ForwardedRequest } from "../endpoint/messages.ts";

/** A function as `GetFunctionConfiguration` describes it. */
export function configurationOf(spec: FunctionSpec, account: string): Record<string, unknown> {
  return {
    FunctionName: spec.name,
    FunctionArn: spec.arn,
    Runtime: spec.runtime,
    Role: `arn:aws:iam::${account}:role/local`,
    Handler: spec.handler,
    CodeSize: 0,
    Description: "",
    Timeout: spec.timeoutMs / 1_000,
    MemorySize: spec.memoryMb,
    LastModified: "2026-01-01T00:00:00.000+0000",
    CodeSha256: "",
    Version: "$LATEST",
    Environment: { Variables: spec.environment },
    State: "Active",
    LastUpdateStatus: "Successful",
    PackageType: "Zip",
    Architectures: ["x86_64"],
  };
}

/** `GetFunction`. */
export function getFunction(spec: FunctionSpec, account: string): ForwardedAnswer {
  const { reservedConcurrency } = spec;
  return answer(200, {
    Configuration: configurationOf(spec, account),
    Code: { RepositoryType: "S3", Location: `file://${spec.codeDir}` },
    ...(reservedConcurrency === undefined
      ? {}
      : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
  });
}

/** `Invoke`: waits for the answer, or not (`Event`), or runs nothing (`DryRun`). */
export async function invoke(
  spec: FunctionSpec,
  { headers, body }: ForwardedRequest,
  { functions, events }: { functions: FunctionHost; events: Pick<EventInvocations, "submit"> },
): Promise<ForwardedAnswer> {
  const type = headers["x-amz-invocation-type"] ?? "RequestResponse";
  const payload = body === "" ? "{}" : body;
  try {
    JSON.parse(payload);
  } catch {
    return apiError(400, "InvalidRequestContentException", "Could not parse request body into json");
  }
  if (type === "DryRun") return answer(204, undefined);
  if (type === "Event") {
    const bytes = Buffer.byteLength(payload);
    if (bytes > lambda.eventPayloadBytes) {
      return apiError(
        413,
        "RequestTooLargeException",
        `${bytes} byte payload is too large for the Event invocation type (limit ${lambda.eventPayloadBytes} bytes)`,
      );
    }
    return answer(202, undefined, { "x-amzn-requestid": events.submit(spec, payload) });
  }
  const result = await functions.invoke(spec.name, payload);
  switch (result.status) {
    case "throttled":
      return apiError(429, "TooManyRequestsException", "Rate Exceeded.");
    case "ok":
      return { status: 200, headers: { ...executed }, body: result.payload };
    case "error":
      return {
        status: 200,
        headers: { ...executed, "x-amz-function-error": "Unhandled" },
        body: result.payload,
      };
  }
}

const executed = { "content-type": "application/json", "x-amz-executed-version": "$LATEST" };

/** What Lambda answers for an error: the handler's own, or one of the platform's. JSON text. */
export function errorPayload(errorType: string, errorMessage: string, trace: readonly string[] = []): string {
  return JSON.stringify({ errorType, errorMessage, trace });
}

/** The payload for anything that a handler or its module threw. */
export function thrownPayload(thrown: unknown, errorType?: string): string {
  if (thrown instanceof Error) {
    const stack = typeof thrown.stack === "string" ? thrown.stack.split("\n") : [];
    return errorPayload(errorType ?? thrown.name, String(thrown.message), stack);
  }
  return errorPayload(errorType ?? typeof thrown, describe(thrown));
}

/** Lambda's wording when the time is up. (configuration-timeout) */
export function timeoutPayload(requestId: string, timeoutMs: number): string {
  return errorPayload(
    "Sandbox.Timedout",
    `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`,
  );
}

/** Lambda's wording when the process is gone without an answer. */
export function exitPayload(
  requestId: string,
  how: { code?: number | null; signal?: string | null },
): string {
  let reason = "Runtime exited without providing a reason";
  if (how.signal)
    reason = `Runtime exited with error: signal: ${how.signal === "SIGKILL" ? "killed" : how.signal}`;
  else if (how.code) reason = `Runtime exited with error: exit status ${how.code}`;
  return errorPayload("Runtime.ExitError", `RequestId: ${requestId} Error: ${reason}`);
}

function describe(value: unknown): string {
  try {
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  } catch {
    return "a value that cannot be shown";
  }
}

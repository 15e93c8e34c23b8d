import type { ForwardedAnswer } from "./endpoint/messages.ts";

/** An answer of a REST API: Lambda's, Scheduler's. */
export function answer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): ForwardedAnswer {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: body === undefined ? "" : JSON.stringify(body),
  };
}

/** An error as they write it: SDKs read the name from the header. */
export function apiError(status: number, name: string, message: string): ForwardedAnswer {
  return answer(
    status,
    { Type: status >= 500 ? "Service" : "User", Message: message, message },
    { "x-amzn-errortype": name },
  );
}

/** What is not there. */
export function notFound(message: string): ForwardedAnswer {
  return apiError(404, "ResourceNotFoundException", message);
}

import type { ForwardedAnswer } from "../endpoint/messages.ts";

/** An answer of Lambda's API. */
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

/** An error as Lambda writes it: SDKs read the name from the header. */
export function apiError(status: number, name: string, message: string): ForwardedAnswer {
  return answer(
    status,
    { Type: status >= 500 ? "Service" : "User", Message: message, message },
    { "x-amzn-errortype": name },
  );
}

/** Lambda's 404. */
export function notFound(message: string): ForwardedAnswer {
  return apiError(404, "ResourceNotFoundException", message);
}

import type { ForwardedRequest } from "./endpoint/messages.ts";

/** A request of a REST API, taken apart. */
export interface RestRequest {
  readonly method: string;
  /** The path's parts, decoded. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  /** What the body holds as JSON; nothing where there is none. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Takes a request apart. Throws `SyntaxError` for a body that is not JSON. */
export function readRequest({ method, url, body }: ForwardedRequest): RestRequest {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  return {
    method,
    parts: pathname.split("/").slice(1).map(decodeURIComponent),
    query: searchParams,
    fields: body === "" ? {} : (JSON.parse(body) as Record<string, unknown>),
  };
}

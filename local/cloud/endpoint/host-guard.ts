import type { IncomingHttpHeaders } from "node:http";

const localName = /^(localhost|127\.0\.0\.1|\[::1\]|[a-z0-9.-]+\.localhost)(:\d+)?$/i;

/**
 * Why a request is refused, or `undefined`. A web page must not be able to use the endpoint: neither through a name of
 * its own that it points at this machine (DNS rebinding: the Host header tells), nor by posting a form across origins
 * (the Origin header tells; SDKs send none).
 */
export function refusal(headers: IncomingHttpHeaders): string | undefined {
  const { host = "", origin } = headers;
  if (!localName.test(host)) {
    return `host ${JSON.stringify(host)} is not this machine: use http://localhost or http://127.0.0.1 with the port`;
  }
  if (origin === undefined || localName.test(origin.replace(/^https?:\/\//, ""))) return undefined;
  return `a web page of ${JSON.stringify(origin)} may not use the local cloud`;
}

import type { ServerResponse } from "node:http";
import { systemClock, uuidv7 } from "../../../src/clock.ts";

/** Answers in the JSON protocol. */
export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  send(response, status, JSON.stringify(body ?? {}), {
    "content-type": "application/x-amz-json-1.0",
    ...headers,
  });
}

/** Answers in the query protocol. */
export function answerXml(response: ServerResponse, status: number, xml: string): void {
  send(response, status, xml, { "content-type": "text/xml" });
}

/** An error in the query protocol, as SNS and STS write it. */
export function errorXml(code: string, message: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>${newId()}</RequestId></ErrorResponse>`;
}

/** Text that may stand in XML. */
export function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;");
}

/** Answers with a body that is ready. A client that went away is nobody's error. */
export function send(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>>,
): void {
  if (response.destroyed || response.headersSent) return;
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  response.writeHead(status, {
    "x-amzn-requestid": newId(),
    // Of what a HEAD request would get: it is told, and not sent.
    "content-length": String(bytes.length),
    ...headers,
  });
  response.end(bytes);
}

/** An id for a request or a message. */
export function newId(): string {
  return uuidv7(systemClock);
}

import { Agent, type IncomingMessage, request } from "node:http";
import { OmnibusError } from "../../src/errors.ts";

/** Where a local endpoint is. */
export interface LocalEndpoint {
  /** `http://host:port` */
  readonly endpoint: string;
  readonly region: string;
}

/** A call that the endpoint refused, or that did not get there. `code`: AWS's own, or `unreachable`. */
export class LocalCallError extends OmnibusError {}

/** Calls one action of a service and answers with its JSON. Throws `LocalCallError`. */
export type JsonCall = (
  action: string,
  input: object,
  options?: { signal?: AbortSignal },
) => Promise<unknown>;

/**
 * AWS's JSON protocol over plain `node:http`, for local endpoints: a fifth of the SDK's work per call, and these are the
 * calls that a mapping lives on. Requests are not signed; they carry the credential scope by which an endpoint routes.
 */
export function createJsonClient({
  endpoint,
  region,
  service,
  target,
}: LocalEndpoint & {
  /** As the service signs, `sqs`. */
  readonly service: string;
  /** What stands before the action in `X-Amz-Target`, `AmazonSQS`. */
  readonly target: string;
}): JsonCall {
  const { hostname, port } = new URL(endpoint);
  // Long polls each hold a connection: no bound, or they would keep the others waiting.
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  const scope = `20260101/${region}/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=local/${scope}, SignedHeaders=host;x-amz-date, Signature=0`;
  return (action, input, { signal } = {}) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(input);
      const sent = request({
        hostname,
        port: port || 80,
        agent,
        method: "POST",
        path: "/",
        headers: {
          authorization,
          // The engine of tables wants to see a signature's parts, whatever they say.
          "x-amz-date": "20260101T000000Z",
          "content-type": "application/x-amz-json-1.0",
          "content-length": Buffer.byteLength(body),
          "x-amz-target": `${target}.${action}`,
        },
      });
      sent.on("response", (response) => {
        textOf(response)
          .then((text) => resolve(answerOf(action, response.statusCode ?? 0, text)), fail)
          .catch(reject);
      });
      const fail = (cause: unknown) =>
        reject(
          new LocalCallError(
            "unreachable",
            `${action} did not get through to ${endpoint}: ${String(cause)}`,
            { retryable: true, cause },
          ),
        );
      sent.on("error", fail);
      // Nobody waits for the answer any more: it may still come, but must not keep the process alive.
      const leave = () => sent.socket?.unref();
      signal?.addEventListener("abort", leave, { once: true });
      sent.once("close", () => signal?.removeEventListener("abort", leave));
      sent.end(body);
    });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function answerOf(action: string, status: number, text: string): unknown {
  if (status === 200) return text === "" ? {} : JSON.parse(text);
  const code = /"__type"\s*:\s*"(?:[^"]*#)?([^"#]+)"/.exec(text)?.[1] ?? `http-${status}`;
  throw new LocalCallError(code, `${action} was answered with ${status}: ${text.slice(0, 300)}`, {
    retryable: status >= 500 || status === 429,
  });
}

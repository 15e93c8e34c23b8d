import { Agent, type IncomingMessage, request } from "node:http";
import { OmnibusError } from "../../src/errors.ts";

/** What `createSqsClient` takes. */
export interface SqsClientOptions {
  /** `http://host:port` of a local endpoint. */
  readonly endpoint: string;
  readonly region: string;
}

/** A call that the endpoint refused, or that did not get there. */
export class SqsError extends OmnibusError {}

/** Calls one action of SQS and answers with its JSON. Throws `SqsError`. */
export type SqsCall = (action: string, input: object, options?: { signal?: AbortSignal }) => Promise<unknown>;

/**
 * SQS's JSON protocol over plain `node:http`, for local endpoints: a fifth of the SDK's work per call, and this is the
 * call a mapping lives on. Requests are not signed; they carry the credential scope by which an endpoint routes.
 */
export function createSqsClient({ endpoint, region }: SqsClientOptions): SqsCall {
  const { hostname, port } = new URL(endpoint);
  // Long polls each hold a connection: no bound, or they would keep the others waiting.
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  const scope = `20260101/${region}/sqs/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=local/${scope}, SignedHeaders=host, Signature=0`;
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
          "content-type": "application/x-amz-json-1.0",
          "content-length": Buffer.byteLength(body),
          "x-amz-target": `AmazonSQS.${action}`,
        },
      });
      sent.on("response", (response) => {
        textOf(response)
          .then((text) => resolve(answerOf(action, response.statusCode ?? 0, text)), fail)
          .catch(reject);
      });
      const fail = (cause: unknown) =>
        reject(
          new SqsError("sqs-unreachable", `${action} did not get through to ${endpoint}: ${String(cause)}`, {
            retryable: true,
            cause,
          }),
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
  throw new SqsError("sqs-refused", `${action} was answered with ${status}: ${text.slice(0, 300)}`, {
    retryable: status >= 500 || status === 429,
  });
}

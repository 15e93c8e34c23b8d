import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { backoffMs } from "../backoff.ts";
import { type Clock, sleep, systemClock } from "../clock.ts";
import type { WireTarget } from "../env.ts";
import { createSigner, queryText } from "./sign.ts";

/** A call hangs no longer than this, whole; a hung ledger must not hold a batch until Lambda ends it. */
const callTimeoutMs = 10_000;
const retryDelays = { firstDelayMs: 50, maxDelayMs: 1_000 };

/** An answer of AWS that is no success; `name` is AWS's own code. */
export class WireError extends Error {
  readonly status: number;
  /** Where the AWS SDK's errors keep it. */
  readonly $metadata: { readonly httpStatusCode: number };
  /** What came with it, for services that explain their refusal there. */
  answer: WireAnswer | undefined;

  constructor(name: string, message: string, status: number) {
    super(message);
    this.name = name;
    this.status = status;
    this.$metadata = { httpStatusCode: status };
  }
}

export interface WireCall {
  /** @default "POST" */
  readonly method?: "GET" | "POST" | "DELETE";
  /** Below the service's own; of characters that need no escape. @default the service's own */
  readonly path?: string;
  /** @default none */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WireAnswer {
  readonly body: string;
  /** The `Date` header: the service's own clock, to the second. */
  readonly date: string | undefined;
}

/** Makes one signed call; answers a success. Throws `WireError`, or what the network said. */
export type WireClient = (call: WireCall) => Promise<WireAnswer>;

/**
 * A small client for the few calls that are made for every batch: signed HTTP over connections that stay open, and
 * nothing else. A call costs a fraction of what it costs through the AWS SDK, in time and in cold start.
 *
 * Network errors, throttling and server errors are tried `maxAttempts` times with full jitter; a call may then have
 * been carried out though no answer came, as with the SDK.
 */
export function wireClient({
  service,
  target,
  maxAttempts,
  errorOf,
  clock = systemClock,
}: {
  readonly service: string;
  readonly target: WireTarget;
  readonly maxAttempts: number;
  /** Reads the service's error out of an answer's body. */
  readonly errorOf: (body: string, status: number) => WireError;
  readonly clock?: Clock;
}): WireClient {
  const url = new URL(target.endpoint ?? `https://${service}.${target.region}.${target.domain}`);
  const secure = url.protocol === "https:";
  const agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const send = secure ? httpsRequest : httpRequest;
  const sign = createSigner(target.credentials);
  const root = url.pathname;

  const once = ({
    method = "POST",
    path: below = "",
    query = {},
    headers,
    body,
  }: WireCall): Promise<WireAnswer> =>
    new Promise((resolve, reject) => {
      const path = below === "" ? root : `${root.replace(/\/$/, "")}/${below}`;
      const asked = queryText(query);
      const signed = sign(
        {
          ...{ method, service, region: target.region, path, query: asked },
          headers: { ...headers, host: url.host },
          body,
        },
        clock.nowMs(),
      );
      const request = send(
        {
          agent,
          method,
          hostname: url.hostname,
          port: url.port,
          path: asked === "" ? path : `${path}?${asked}`,
          headers: { ...signed, "content-length": String(Buffer.byteLength(body)) },
          timeout: callTimeoutMs,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            const status = response.statusCode ?? 0;
            const answer = { body: text, date: response.headers.date };
            if (status >= 200 && status < 300) return resolve(answer);
            const error = errorOf(text, status);
            error.answer = answer;
            reject(error);
          });
        },
      );
      request.on("timeout", () => {
        request.destroy(new Error(`${service} did not answer within ${callTimeoutMs} ms`));
      });
      request.on("error", reject);
      request.end(body);
    });

  return async (call) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(call);
      } catch (error) {
        if (attempt >= maxAttempts || !passes(error)) throw error;
        await sleep(clock, backoffMs(clock, attempt, retryDelays));
      }
    }
  };
}

/** Whether the same call may succeed a moment later: everything but AWS's own refusal. */
function passes(error: unknown): boolean {
  if (!(error instanceof WireError)) return true;
  return (
    error.status >= 500 || error.status === 429 || /Throttl|LimitExceeded|TooManyRequests/.test(error.name)
  );
}

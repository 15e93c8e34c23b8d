import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { EnvironmentAnswer, Invocation } from "./environment.ts";

/** Lambda's Runtime API for one environment, on a port of its own. (runtimes-api) */
export interface RuntimeApi {
  /** `127.0.0.1:port`, what `AWS_LAMBDA_RUNTIME_API` says. */
  readonly address: string;
  /** Settles with `undefined` at the first `next`, or with the payload of `init/error`. */
  readonly ready: Promise<string | undefined>;
  /**
   * Hands out one invocation at the next `next`, and settles with what was posted about it at the `next` after that: as
   * in Lambda, an invocation lasts until the runtime asks for another one, and one that exits instead never settles.
   */
  offer(invocation: Invocation): Promise<EnvironmentAnswer>;
  /** What was posted about the invocation that still lasts. */
  posted(): EnvironmentAnswer | undefined;
  close(): void;
}

const root = "/2018-06-01/runtime";

/** Opens the Runtime API for one environment of the function with this ARN. */
export async function openRuntimeApi(functionArn: string): Promise<RuntimeApi> {
  const ready = Promise.withResolvers<string | undefined>();
  let asking: ServerResponse | undefined;
  let offered: Invocation | undefined;
  let current:
    | { requestId: string; settle: (answer: EnvironmentAnswer) => void; posted?: EnvironmentAnswer }
    | undefined;

  const handOut = () => {
    if (!asking || !offered) return;
    const { requestId, deadlineMs, payload } = offered;
    asking.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(payload),
      "lambda-runtime-aws-request-id": requestId,
      "lambda-runtime-deadline-ms": String(deadlineMs),
      "lambda-runtime-invoked-function-arn": functionArn,
      "lambda-runtime-trace-id": `Root=1-${requestId.slice(0, 8)}-${requestId.replaceAll("-", "").slice(8).padEnd(24, "0")};Sampled=0`,
    });
    asking.end(payload);
    asking = undefined;
    offered = undefined;
  };

  const post = async (path: string, request: IncomingMessage, response: ServerResponse) => {
    const body = await textOf(request);
    if (path === `${root}/init/error`) {
      ready.resolve(body);
      return accept(response);
    }
    const [, requestId, what] =
      /^\/invocation\/([^/]+)\/(response|error)$/.exec(path.slice(root.length)) ?? [];
    if (!current || current.requestId !== requestId) return refuse(response, "InvalidRequestID");
    // A runtime that dies of what its handler left behind says so after the answer.
    if (what === "response" && current.posted) return refuse(response, "InvalidStateTransition");
    current.posted =
      what === "response"
        ? { status: "ok", payload: body }
        : { status: "error", kind: "thrown", payload: body };
    accept(response);
  };

  const takePosted = () => {
    if (!current?.posted) return;
    const { settle, posted } = current;
    current = undefined;
    settle(posted);
  };

  const server = createServer((request, response) => {
    const path = request.url ?? "";
    if (request.method === "GET" && path === `${root}/invocation/next`) {
      asking = response;
      ready.resolve(undefined);
      takePosted();
      handOut();
    } else if (request.method === "POST") {
      // A body that breaks off belongs to a process that died; its end is reported by its exit.
      post(path, request, response).catch(() => response.destroy());
    } else {
      refuse(response, "InvalidPath");
    }
  });
  // The runtime waits in `next` for as long as nobody calls the function.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    ready: ready.promise,
    offer(invocation) {
      return new Promise((settle) => {
        current = { requestId: invocation.requestId, settle };
        offered = invocation;
        handOut();
      });
    },
    posted: () => current?.posted,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function accept(response: ServerResponse): void {
  response.writeHead(202, { "content-type": "application/json" }).end('{"status":"OK"}');
}

function refuse(response: ServerResponse, errorType: string): void {
  response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ errorType }));
}

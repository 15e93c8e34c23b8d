import type { IncomingMessage, ServerResponse } from "node:http";
import { send } from "./answer.ts";
import { readBody } from "./body.ts";
import type { ForwardedAnswer, ForwardedRequest, ForwardedService, FromEndpoint } from "./messages.ts";

/** Hands requests on to the process that runs the functions, and its answers back. */
export function createForwarder(tell: (message: FromEndpoint) => void) {
  const waiting = new Map<number, ServerResponse>();
  let lastId = 0;
  return {
    async handle(
      service: ForwardedService,
      request: IncomingMessage,
      response: ServerResponse,
    ): Promise<void> {
      const body = await readBody(request);
      const id = ++lastId;
      waiting.set(id, response);
      response.once("close", () => waiting.delete(id));
      tell({ kind: "forward", id, service, request: toForward(request, body) });
    },
    answer(id: number, { status, headers, body }: ForwardedAnswer): void {
      const response = waiting.get(id);
      waiting.delete(id);
      if (response !== undefined) send(response, status, body, headers);
    },
  };
}

function toForward(request: IncomingMessage, body: string): ForwardedRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith("x-amz-") && typeof value === "string") headers[name] = value;
  }
  return { method: request.method ?? "GET", url: request.url ?? "/", headers, body };
}

import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** What a canned service answers. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/**
 * Serves `answer` on a free port of this machine and speaks with `runContender`: tells the port, starts the counts
 * again on `reset`, tells them on `counts`.
 */
export function serve(service: {
  answer(headers: IncomingHttpHeaders, body: string): Answer;
  reset(): void;
  counts(): unknown;
}): void {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const { status, type, body } = service.answer(request.headers, Buffer.concat(chunks).toString());
      response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
      response.end(body);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
  process.on("message", (message) => {
    if (message === "reset") {
      service.reset();
      process.send?.("reset");
    } else process.send?.(service.counts());
  });
  process.on("disconnect", () => process.exit());
}

import { appendFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type BookLine, createBooks } from "./books.ts";

/**
 * The payment partner: a process of its own, which keeps its books by idempotency key in a file that others may read.
 *
 *   node drills/outage/partner.ts books.ndjson
 *
 * `POST /pay` pays. `POST /outage?ms=60000&takesMs=500`: for a moment it takes payments and does not answer; then nobody can
 * connect to it until the time is over. Ends with its standard input.
 */
const [, , file = ""] = process.argv;
const books = createBooks((line: BookLine) => appendFileSync(file, `${JSON.stringify(line)}\n`));
let mute = false;

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", "http://partner");
  if (url.pathname === "/outage") {
    breakDown(Number(url.searchParams.get("ms")), Number(url.searchParams.get("takesMs")));
    response.end();
    return;
  }
  const { order, cents } = await orderIn(request);
  books.pay(order, cents, String(request.headers["idempotency-key"]), Date.now(), { unanswered: mute });
  if (mute) request.socket.destroy();
  else response.end("paid");
});
server.keepAliveTimeout = 60_000;

function breakDown(ms: number, takesMs: number): void {
  const { port } = server.address() as AddressInfo;
  books.turn("down", Date.now());
  mute = true;
  setTimeout(() => {
    server.close();
    server.closeAllConnections();
  }, takesMs);
  setTimeout(() => {
    mute = false;
    server.listen(port, "127.0.0.1", () => books.turn("up", Date.now()));
  }, ms);
}

async function orderIn(request: IncomingMessage): Promise<{ order: number; cents: number }> {
  return JSON.parse(await text(request)) as { order: number; cents: number };
}

server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.stdin.resume().once("end", () => process.exit(0));

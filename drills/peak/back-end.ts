import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { createBookings, type Holder } from "./bookings.ts";

/**
 * The back end: a process of its own, which judges every call by its own monotonic clock.
 *
 *   node drills/peak/back-end.ts 500
 *
 * Prints its address. `POST /begin`, `POST /book/<order>`; `GET /report` answers what it has seen. Ends with its standard
 * input.
 */
const bookings = createBookings(Number(process.argv[2]));
const server = createServer((request, response) => {
  // Before anything else: this is the moment that counts.
  const atMs = performance.now();
  const [, verb, order] = (request.url ?? "").split("/");
  if (verb === "report") {
    response.end(JSON.stringify(bookings.report()));
    return;
  }
  if (verb === "begin") bookings.begin(atMs);
  else bookings.book(Number(order), atMs, holderOf(request.headers));
  response.end();
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});

function holderOf(headers: IncomingHttpHeaders): Holder {
  const number = (name: string) => Number(headers[name] ?? 0);
  return {
    name: String(headers["x-holder"]),
    slots: { given: number("x-slots-given"), returned: number("x-slots-returned") },
  };
}

process.stdin.resume().once("end", () => process.exit(0));

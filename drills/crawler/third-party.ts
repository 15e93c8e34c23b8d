import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock } from "../../src/clock.ts";
import { createAudit } from "./audit.ts";

/**
 * The third party: a process of its own, which judges every call by its own monotonic clock and bans at one too many.
 *
 *   node drills/crawler/third-party.ts 50
 *
 * Prints its address; `GET /audit` answers what it has seen. Ends with its standard input.
 */
const audit = createAudit(Number(process.argv[2]));
const server = createServer((request, response) => {
  // Before anything else: this is the moment that counts.
  const atMs = performance.now();
  const nowMs = systemClock.nowMs();
  if (request.url === "/audit") {
    response.end(JSON.stringify(audit.report()));
    return;
  }
  const header = (name: string) => String(request.headers[name] ?? "");
  const banned = audit.take({
    atMs,
    page: String(request.url),
    holder: header("x-holder"),
    limitWrites: Number(header("x-limit-writes")),
    wayMs: nowMs - Number(header("x-started-ms")),
  });
  response.statusCode = banned ? 429 : 200;
  response.end();
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.stdin.resume().once("end", () => process.exit(0));

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Call } from "./judge.ts";

/**
 * The partner: a process of its own that counts every call, by transfer, and knows nobody's idempotency key.
 *
 *   node drills/exactly-once/partner.ts
 */
const calls: Record<string, Call[]> = {};

const server = createServer((request, response) => {
  const [, word, index = "", key = "", invocation = ""] = request.url?.split("/") ?? [];
  if (word === "audit") return response.end(JSON.stringify(calls));
  const known = calls[index] ?? [];
  calls[index] = known;
  known.push({ key, invocation });
  return response.end();
});

server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
// The drill has ended, or was killed.
process.stdin.resume().once("end", () => process.exit());

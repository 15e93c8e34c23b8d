import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { BookAudit } from "./book-audit.ts";
import { poisonStep } from "./poison-step.ts";

/**
 * The book: a process of its own that writes every step down as it comes, and refuses one step of some accounts until it is
 * mended. From then on it takes its time with these accounts, so that a release can be killed half-way.
 *
 *   node drills/fifo/book.ts 1000 20 5
 */
const [groups = 0, events = 0, poison = 0] = process.argv.slice(2).map(Number);
const slowMs = 100;
const steps: Record<string, number[]> = {};
let mended = false;

const server = createServer(async (request, response) => {
  const answer = (status: number, body: string) => response.writeHead(status).end(body);
  const [, word, index = "", step = ""] = request.url?.split("/") ?? [];
  if (word === "audit") return answer(200, JSON.stringify(steps satisfies BookAudit));
  if (word === "mend") {
    mended = true;
    return answer(200, "from now on");
  }
  const bad = poisonStep(Number(index), { groups, events, poison });
  if (bad === Number(step) && !mended)
    return answer(409, `step ${step} cannot be written for account ${index}`);
  if (bad !== undefined && mended) await wait(slowMs);
  const written = steps[index] ?? [];
  steps[index] = written;
  written.push(Number(step));
  return answer(200, "written");
});

server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
// The drill has ended, or was killed.
process.stdin.resume().once("end", () => process.exit());

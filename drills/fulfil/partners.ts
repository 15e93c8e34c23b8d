import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { systemClock } from "../../src/clock.ts";
import { createPartners, type Question } from "./books.ts";
import { troubles } from "./trouble.ts";

/**
 * The partners of all stages: a process of its own, with books in a file. They refuse what the number of the order says, and
 * become slow when told to.
 *
 *   node drills/fulfil/partners.ts books.ndjson 5000
 */
const [file = "", orders = ""] = process.argv.slice(2);
const partners = createPartners(troubles(Number(orders)), (line) =>
  appendFileSync(file, `${JSON.stringify(line)}\n`),
);

const server = createServer(async (request, response) => {
  const [, word, stage = "", factor = ""] = request.url?.split("/") ?? [];
  if (word === "slow") {
    partners.slowDown(stage, Number(factor));
    return response.writeHead(200).end("from now on");
  }
  const question = JSON.parse(await text(request)) as Question;
  await wait(partners.workMs(question));
  const refused = partners.ask(question, systemClock.nowMs());
  return response.writeHead(refused === undefined ? 200 : 409).end(refused ?? "done");
});

server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
// The drill has ended, or was killed.
process.stdin.resume().once("end", () => process.exit());

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { refusals } from "./names.ts";
import type { PartnerAudit } from "./partner-audit.ts";

/** A parcel service in a process of its own. It refuses everything until it is told to take it, and notes every call. */
const taken: Record<string, number> = {};
const refused: Record<string, number> = {};
let takes = false;

const server = createServer((request, response) => {
  const answer = (status: number, body: string) => response.writeHead(status).end(body);
  const [, word, parcel = "", kind] = request.url?.split("/") ?? [];
  if (word === "audit") return answer(200, JSON.stringify({ taken, refused } satisfies PartnerAudit));
  if (word === "take") {
    takes = true;
    return answer(200, "from now on");
  }
  const notes = takes ? taken : refused;
  notes[parcel] = (notes[parcel] ?? 0) + 1;
  return takes ? answer(200, "taken") : answer(409, `${refusals[Number(kind)]} P-${parcel}`);
});

server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
// The drill has ended, or was killed.
process.stdin.resume().once("end", () => process.exit());

import { whole } from "../frame/index.ts";
import type { OrderedOutboxResult } from "./judge.ts";

/** The result for people. */
export function summarize(result: OrderedOutboxResult): string {
  return [
    "",
    `orders     ${whole(result.orders)} of ${whole(result.accounts)} accounts stand, ${whole(result.rolledBack)} were rolled back on purpose`,
    `killed     the writer ${whole(result.writerKills)} times, the relay ${whole(result.relayKills)} times`,
    `events     ${whole(result.lost)} lost, ${whole(result.ghosts)} of orders that do not stand, ${whole(result.outOfOrder)} out of their account's order`,
    `poison     ${whole(result.parked)} accounts waited behind it, ${whole(result.harmed)} others; ${whole(result.released)} were released, and went on in order`,
    `cents      ${whole(result.cents)}; the book is off by ${whole(result.centsOff)}`,
    `lag        from written to booked: half within ${whole(result.lagP50Ms)} ms, 99 % within ${whole(result.lagP99Ms)} ms`,
    result.pass
      ? "pass       yes: by the tables, as another process has read them"
      : `pass       no:\n${result.findings.map((finding) => `  ${finding}`).join("\n")}`,
    "",
  ].join("\n");
}

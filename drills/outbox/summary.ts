import { whole } from "../frame/index.ts";
import type { OutboxResult } from "./judge.ts";

/** The result for people. */
export function summarize(result: OutboxResult): string {
  return [
    "",
    `orders     ${whole(result.orders)} stand, ${whole(result.rolledBack)} were rolled back on purpose`,
    `killed     the writer ${whole(result.writerKills)} times, the relay ${whole(result.relayKills)} times`,
    `events     ${whole(result.lost)} lost, ${whole(result.ghosts)} of orders that do not stand, ${whole(result.twice)} handled twice; ${whole(result.repeats)} came again and were known`,
    `cents      ${whole(result.cents)}; consumers are off by ${whole(result.centsOff)}`,
    `lag        from written to handled: half within ${whole(result.lagP50Ms)} ms, 99 % within ${whole(result.lagP99Ms)} ms`,
    result.pass
      ? "pass       yes: by the tables, as another process has read them"
      : `pass       no:\n${result.findings.map((finding) => `  ${finding}`).join("\n")}`,
    "",
  ].join("\n");
}

import { whole } from "../frame/index.ts";
import { callsPerSecond, wayMs } from "./contracts.ts";
import { type CrawlerResult, percent } from "./judge.ts";

/** The result for people. */
export function summarize(result: CrawlerResult): string {
  return [
    "",
    `calls      ${whole(result.calls)} for ${whole(result.pages)} pages, from ${result.holders} processes; ${result.kills} killed half-way`,
    `bans       ${result.bans}; at most ${result.maxInAnySecond} calls in any second, ${callsPerSecond} are allowed`,
    `way        up to ${result.longestWayMs} ms from a start to the third party; ${wayMs} ms are room for it`,
    `used       ${percent(result.used)} of the rate`,
    `writes     ${result.writesPerCall} to the limit for each call`,
    result.pass
      ? "pass       yes: the third party, by its own clock, never saw one call too many"
      : `pass       no:\n${result.findings.map((finding) => `  ${finding}`).join("\n")}`,
    "",
  ].join("\n");
}

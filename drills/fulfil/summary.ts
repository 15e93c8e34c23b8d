import { whole } from "../frame/index.ts";
import type { FulfilResult } from "./judge.ts";
import { redeployed, slowed, stageNames } from "./names.ts";

/** The result for people. */
export function summarize(result: FulfilResult): string {
  const { orders, shipped, compensated, stuck, doubled, again, deadLetters, criticalMs } = result;
  return [
    "",
    `orders     ${whole(orders)}; ${whole(shipped)} shipped, ${whole(compensated)} compensated, ${whole(stuck)} stuck`,
    `partners   asked twice under two keys: ${doubled}, again under the same: ${again}; ${deadLetters} dead letters`,
    "critical time, from stage to stage (p50 / p95 ms):",
    ...stageNames.map((name) => {
      const { quiet, disturbed } = criticalMs[name];
      const mark = name === redeployed ? "  replaced meanwhile" : name === slowed ? "  slowed ten-fold" : "";
      return `  ${name.padEnd(9)} quiet ${quiet.p50} / ${quiet.p95}, disturbed ${disturbed.p50} / ${disturbed.p95}${mark}`;
    }),
    result.pass
      ? "pass       yes: by the partners' own books, every order was shipped or wholly undone"
      : `pass       no:\n${result.findings.map((finding) => `  ${finding}`).join("\n")}`,
    "",
  ].join("\n");
}

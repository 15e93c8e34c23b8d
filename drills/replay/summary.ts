import { whole } from "../frame/index.ts";
import type { ReplayResult } from "./judge.ts";

/** The result for people. */
export function summarize(result: ReplayResult): string {
  return [
    "",
    `archived   ${whole(result.archived)} orders, handled by two consumers`,
    `replayed   ${whole(result.replayed)} of ${whole(result.selected)} of one day to Points, again, at ${result.ratePerSecond}/s; killed after ${whole(result.sentBeforeKill)}, and gone on with`,
    `besides    ${whole(result.large)} chosen by SQL, ${whole(result.byOffset)} by offset`,
    `others     ${whole(result.strays)} strays, ${whole(result.missing)} missing`,
    result.pass
      ? "pass       yes: by the effects and the archive, as a separate process read them"
      : `pass       no:\n${result.findings.map((finding) => `  ${finding}`).join("\n")}`,
    "",
  ].join("\n");
}

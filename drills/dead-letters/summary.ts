import { whole } from "../frame/index.ts";
import type { DeadLettersResult } from "./judge.ts";

/** The result for people. */
export function summarize(result: DeadLettersResult): string {
  return [
    "",
    `letters    ${whole(result.letters)} dead letters in ${result.groups} groups`,
    `redriven   ${whole(result.meant)} of one group; killed after ${whole(result.movedBeforeKill)}, and run again`,
    `handled    ${whole(result.once)} exactly once, ${whole(result.twice)} more than once, ${whole(result.never)} never`,
    `others     ${whole(result.othersTouched)} touched; ${whole(result.left)} of the group left`,
    result.pass
      ? "pass       yes: by the partner's own notes, and by what lies in the queue before and after"
      : `pass       no:\n${result.findings.map((finding) => `  ${finding}`).join("\n")}`,
    "",
  ].join("\n");
}

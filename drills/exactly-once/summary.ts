import { whole } from "../frame/index.ts";
import { bookPoints, tellPoints } from "./crash-points.ts";
import type { ExactlyOnceResult } from "./judge.ts";

/** The result for people. */
export function summarize(result: ExactlyOnceResult): string {
  const { transfers, kills, killsAt, doubled, lost, cents, extraCalls, unexplained } = result;
  const at = (points: readonly (keyof typeof killsAt)[]) =>
    points.map((point) => `${whole(killsAt[point])} ${point}`).join(", ");
  return [
    "",
    `transfers    ${whole(transfers)}, ${whole(cents)} cents booked`,
    `transaction  ${whole(doubled)} booked twice, ${whole(lost)} lost; killed ${at(bookPoints)}`,
    `once         ${whole(extraCalls)} calls to the partner repeated, ${whole(unexplained)} without a kill; killed ${at(tellPoints)}`,
    `kills        ${whole(kills)} processes, by SIGKILL`,
    result.pass
      ? "pass         yes: by the table, read back by another process, and by the partner"
      : `pass         no:\n${result.findings.map((finding) => `  ${finding}`).join("\n")}`,
    "",
  ].join("\n");
}

import { whole } from "../frame/index.ts";
import type { FifoResult } from "./judge.ts";

/** The result for people. */
export function summarize(result: FifoResult): string {
  const { groups, events, poison, parked, outOfOrder, harmed, released, kills, repeated } = result;
  return [
    "",
    `events     ${whole(groups * events)}: ${whole(events)} in each of ${whole(groups)} groups; poison in ${whole(poison)}`,
    `order      ${whole(outOfOrder)} groups out of order; ${whole(repeated)} steps stand twice, from killed processes`,
    `others     ${whole(harmed)} harmed while ${whole(parked)} were parked`,
    `released   ${whole(released)} groups finished in order; ${whole(kills)} processes killed meanwhile`,
    result.pass
      ? "pass       yes: by what stands in the book, which is a process of its own"
      : `pass       no:\n${result.findings.map((finding) => `  ${finding}`).join("\n")}`,
    "",
  ].join("\n");
}

import { whole } from "../frame/index.ts";
import type { PeakResult } from "./judge.ts";

/** The result for people. */
export function summarize(result: PeakResult): string {
  const { meanWhenFull, limit, starts } = result;
  return [
    "",
    `orders     ${whole(result.published)} published in ${result.publishSeconds} s; ${whole(result.handled)} booked, ${result.lost} lost, ${result.dead} dead`,
    `back end   at most ${whole(result.maxInAnySecond)} in any second, ${whole(limit)} are allowed`,
    `when full  ${whole(meanWhenFull)} a second, ${((meanWhenFull / limit) * 100).toFixed(1)} % of the limit`,
    `starts     ${whole(starts.given)} given, ${whole(starts.returned)} given back in time, ${whole(starts.passed)} passed unused; ${whole(starts.unasked)} were never asked for`,
    `drained    in ${result.drainSeconds} s; ${result.plannedDrainSeconds} s were planned`,
    result.pass
      ? "pass       yes: the back end, by its own clock, had as much as it takes, and never more"
      : `pass       no:\n${result.findings.map((finding) => `  ${finding}`).join("\n")}`,
    "",
  ].join("\n");
}

import { whole } from "../frame/index.ts";
import type { DeliveryResult } from "./judge.ts";
import { consumers } from "./names.ts";

/** The result for people. */
export function summarize(result: DeliveryResult): string {
  const gaps = consumers.map(({ name }) => `${name} ${whole(result.gaps[name])}`).join(", ");
  return [
    "",
    `published  ${whole(result.published)} orders, ${whole(result.archived)} of them archived`,
    `lost       ${gaps}: found by the effects of the consumers`,
    `found      ${whole(result.found)} differences; ${whole(result.missed)} missed, ${whole(result.falseAlarms)} false alarms, ${whole(result.misclassified)} of a wrong class`,
    `sent       ${whole(result.sent)} events again; ${whole(result.strays)} strays`,
    `afterwards ${whole(result.left)} events missing, ${whole(result.foundAgain)} differences found by another run`,
    result.pass
      ? "pass       yes: by the effects and the archive, as a separate process read them"
      : `pass       no:\n${result.findings.map((finding) => `  ${finding}`).join("\n")}`,
    "",
  ].join("\n");
}

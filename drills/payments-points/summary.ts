import { whole } from "../frame/index.ts";
import type { PaymentsPointsResult } from "./judge.ts";

/** The result for people. */
export function summarize(result: PaymentsPointsResult): string {
  return [
    "",
    `payments   ${whole(result.payments)}; ${result.injected} of them paid, and without points`,
    `found      ${result.found}; false alarms ${result.falseAlarms}`,
    `repaired   ${result.repaired}; a second run changed ${result.secondRunChanges}`,
    `points     ${whole(result.pointsGiven)} given, ${whole(result.pointsEarned)} earned`,
    result.pass
      ? "pass       yes: by the provider's statement, every payment has its points"
      : `pass       no:\n${result.findings.map((finding) => `  ${finding}`).join("\n")}`,
    "",
  ].join("\n");
}

import { whole } from "../frame/index.ts";
import { type OutageResult, probeSeconds } from "./judge.ts";

/** The result for people. */
export function summarize(result: OutageResult): string {
  return [
    "",
    `orders     ${whole(result.events)}; ${result.lost} lost, ${result.doublePayments} paid twice`,
    `outage     ${whole(result.downSeconds)} s; the consumer was held for ${whole(result.heldSeconds)} s`,
    `answers    ${whole(result.unanswered)} were lost after the payment, ${whole(result.again)} came from the partner's books`,
    `attempts   ${result.maxAttempts} at most; ${result.dead} dead letters`,
    `recovery   began ${result.recoverySeconds} s after the partner was back; ${probeSeconds} s are allowed`,
    result.pass
      ? "pass       yes: by the partner's own books, every order was paid once, and nobody did anything"
      : `pass       no:\n${result.findings.map((finding) => `  ${finding}`).join("\n")}`,
    "",
  ].join("\n");
}

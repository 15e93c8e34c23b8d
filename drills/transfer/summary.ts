import { whole } from "../frame/index.ts";
import { crashPoints } from "./die-once.ts";
import { type FaultKind, faultClasses } from "./faults.ts";
import type { TransferResult } from "./judge.ts";

const dollars = (cents: number) => `$${(cents / 100).toLocaleString("en-US", { minimumFractionDigits: 2 })}`;

/** The result for people. */
export function summarize(result: TransferResult): string {
  const { kills } = result;
  const kinds = Object.entries(result.kinds).map(
    ([kind, { injected, found }]) =>
      `           ${kind.padEnd(20)} ${faultClasses[kind as FaultKind].padEnd(13)} ${injected} injected, ${found} found`,
  );
  return [
    "",
    `transfers  ${whole(result.transfers)}; killed at ${result.diedAt.length} of ${crashPoints.length} named steps, at random: bank A ${kills.bankA}, bank B ${kills.bankB}, reconciliation ${kills.reconciler} times`,
    `           ${whole(result.throttled)} of bank A's transactions were throttled`,
    `faults     ${result.injected} injected, ${result.found} found, ${result.misclassified} called something else; false alarms ${result.falseAlarms}`,
    ...kinds,
    `repaired   ${result.repaired}, each once; a second run changed ${result.secondRunChanges}`,
    `books      ${dollars(result.centsLeft)} and ${dollars(result.centsRight)}; bank B's statement: ${result.statement}`,
    `money      twice in ${result.moneyTwice} of ${whole(result.looks)} looks beyond what was injected; ${dollars(result.mostCentsInFlight)} in flight at most`,
    result.pass
      ? `pass       yes, in ${whole(result.seconds)} s: by both books, read line by line`
      : `pass       no:\n${result.findings.map((finding) => `  ${finding}`).join("\n")}`,
    "",
  ].join("\n");
}

import Table from "cli-table3";
import { whole } from "../../drills/frame/index.ts";
import type { E2eResult } from "./scenario.ts";

const style = { head: [], border: [] };

/** The result for people: what was done, what the effects added up to, and what was wrong. */
export function report({ steps, totals, findings, agree, seconds }: E2eResult): string {
  const done = new Table({
    head: ["step", "seconds", "what came out"],
    colAligns: ["left", "right", "left"],
    style,
  });
  for (const { name, seconds, said } of steps) done.push([name, seconds.toFixed(1), said]);
  const sums = new Table({
    head: ["run", "consumer", "handled", "total", "control", "agrees"],
    colAligns: ["left", "left", "right", "right", "right", "left"],
    style,
  });
  for (const { run, consumer, handled, total, control, unit } of totals) {
    const agrees = total === control ? "yes" : "NO";
    sums.push([run, consumer, whole(handled), `${whole(total)} ${unit}`, whole(control), agrees]);
  }
  return [
    done.toString(),
    ...(totals.length > 0 ? [sums.toString()] : []),
    ...findings.map((finding) => `WRONG  ${finding}`),
    `${agree ? "all agrees" : "NOT as it must be"}, ${seconds} s`,
  ].join("\n");
}

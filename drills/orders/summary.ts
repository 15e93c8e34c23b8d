import Table from "cli-table3";
import { whole } from "../frame/index.ts";
import { consumers } from "./consumers.ts";
import type { OrdersResult } from "./result.ts";

/** The result for people: a table of the consumers, and what stands around it. */
export function summarize(result: OrdersResult): string {
  const table = new Table({
    head: ["consumer", "handled", "duplicates\nsuppressed", "dead\nletters", "total", "control", "agrees"],
    colAligns: ["left", "right", "right", "right", "right", "right", "left"],
    style: { head: [], border: [] },
  });
  for (const { name, unit, control } of consumers) {
    const { handled, duplicates, deadLetters, total } = result.consumers[name];
    const wanted = result.control[control];
    table.push([
      name,
      whole(handled),
      whole(duplicates),
      whole(deadLetters),
      `${amount(total, unit)}`,
      `${amount(wanted, unit)}`,
      total === wanted ? "yes" : "NO",
    ]);
  }
  const first = result.firstHandledMs;
  return [
    "",
    `published  ${whole(result.published)} orders, ${whole(result.duplicatesPublished)} of them twice, and ${whole(result.poison)} messages that are no events`,
    table.toString(),
    ...reasonLines(result),
    archiveLine(result),
    ...(result.kills > 0
      ? [`kills      ${whole(result.kills)} handler processes, ${whole(result.archive.kills)} of the archive`]
      : []),
    `speed      ${whole(result.deliveriesPerSecond)} deliveries/s over ${result.seconds} s; first event handled ${first === undefined ? "never" : `${(first / 1000).toFixed(1)} s after the command`}`,
    `memory     ${whole(result.memoryMb)} MB at most, all processes together`,
    result.agree
      ? "agree      yes: a separate process read tables, dead-letter queues and the archive back, and every total agrees"
      : `agree      NO\n${result.findings.map((finding) => `           ${finding}`).join("\n")}`,
    "",
  ].join("\n");
}

function archiveLine({ archive: { orders, cents, completed, sealedLines } }: OrdersResult): string {
  const done = Object.values(completed).reduce((sum, one) => sum + one, 0);
  return `archive    ${whole(orders)} orders, ${amount(cents, "cents")}; journal ${whole(done)} completions; ${whole(sealedLines)} of both sealed`;
}

function reasonLines(result: OrdersResult): string[] {
  const sums = new Map<string, number>();
  for (const { reasons } of Object.values(result.consumers)) {
    for (const [reason, count] of Object.entries(reasons)) sums.set(reason, (sums.get(reason) ?? 0) + count);
  }
  if (sums.size === 0) return [];
  const list = [...sums].map(([reason, count]) => `${reason} ${whole(count)}`).join(", ");
  return [`reasons    ${list} (all consumers)`];
}

function amount(total: number, unit: string): string {
  return unit === "cents"
    ? `${whole(Math.floor(total / 100))}.${String(total % 100).padStart(2, "0")} dollars`
    : `${whole(total)} ${unit}`;
}

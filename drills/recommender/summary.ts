import Table from "cli-table3";
import { whole } from "../frame/index.ts";
import type { RecommenderResult } from "./result.ts";

/** The result for people: what was counted, whom to write to next, and the verdict. */
export function summarize(result: RecommenderResult): string {
  const table = new Table({
    head: ["write next to", "last order", "orders", "dollars", "marks: recency", "frequency", "money"],
    colAligns: ["left", "left", "right", "right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  for (const { customer, recency, frequency, cents, marks } of result.letters) {
    table.push([
      customer,
      recency,
      whole(frequency),
      dollars(cents),
      marks.recency,
      marks.frequency,
      marks.money,
    ]);
  }
  return [
    "",
    `published  ${whole(result.orders)} orders by the Java service, ${whole(result.sentTwice)} of them twice`,
    `handled    ${whole(result.handled)} orders of ${whole(result.customers)} customers in Python, ${dollars(result.cents)} dollars; ${whole(result.duplicates)} duplicates suppressed`,
    `kills      ${whole(result.kills)} Python processes`,
    `speed      ${whole(result.orders / Math.max(0.1, result.seconds))} orders/s over ${result.seconds} s`,
    `memory     ${whole(result.memoryMb)} MB at most, all processes together`,
    table.toString(),
    result.pass
      ? "pass       yes: a separate process read all customers back, and each one's recency, frequency and money agrees"
      : `pass       NO\n${result.findings.map((finding) => `           ${finding}`).join("\n")}`,
    "",
  ].join("\n");
}

function dollars(cents: number): string {
  return `${whole(Math.floor(cents / 100))}.${String(cents % 100).padStart(2, "0")}`;
}

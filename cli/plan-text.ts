import {
  arithmetic,
  type BillItem,
  type LoadPlan,
  loadNotes,
  type PlannedConsumer,
  planFindings,
  shownMs,
  shownNumber,
  shownUsd,
} from "../src/plan/index.ts";
import { columns } from "./columns.ts";

/** A plan for people: what is carried, the settings, the arithmetic, the bill, and what cannot work. */
export function planText(plan: LoadPlan, chosen: readonly (keyof PlannedConsumer)[]): string {
  const findings = planFindings(plan).map(
    ({ id, problem, fix }) => `FAIL  [${id}] ${problem}\n      fix: ${fix} (bus guards ${id})`,
  );
  const notes = loadNotes(plan).map(({ id, text }) => `note  [${id}] ${text}`);
  return [
    carriedText(plan),
    settingsTable(plan.consumer, chosen),
    columns([["STEP", "IS", "HOW"], ...arithmetic(plan).map(({ what, is, how }) => [what, is, how])], {
      widest: 200,
    }),
    billTable(plan),
    [...findings, ...notes].join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function carriedText({ load }: LoadPlan): string {
  const parts = [`${shownNumber(load.arrivalsPerSecond)} events/s of ${shownMs(load.handlerMs)} each`];
  if (load.burst)
    parts.push(`a burst of ${shownNumber(load.burst.perSecond)}/s for ${shownMs(load.burst.forMs)}`);
  if (load.outageMs !== undefined) parts.push(`an outage of ${shownMs(load.outageMs)}`);
  return `carries  ${parts.join(", ")}`;
}

/** By the names that the construct has for them. */
function settingsTable(consumer: PlannedConsumer, chosen: readonly (keyof PlannedConsumer)[]): string {
  const { pollers } = consumer;
  const rows: readonly (readonly [keyof PlannedConsumer, string, string])[] = [
    ["drain", "drain", consumer.drain ?? "mapping"],
    pollers
      ? ["pollers", "pollers", `${pollers.minimum} to ${pollers.maximum}`]
      : ["concurrency", "concurrency", shownNumber(consumer.concurrency)],
    ["batchSize", "batchSize", shownNumber(consumer.batchSize)],
    ["batchWindowMs", "batchWindow", shownMs(consumer.batchWindowMs)],
    ["parallel", "parallel", shownNumber(consumer.parallel)],
    ["timeoutMs", "timeout", shownMs(consumer.timeoutMs)],
    ["visibilityMs", "visibilityTimeout", shownMs(consumer.visibilityMs)],
    ["surviveMs", "retry.survive", shownMs(consumer.surviveMs)],
    ["maxReceiveCount", "maxReceiveCount", shownNumber(consumer.maxReceiveCount)],
    ["retentionMs", "retention", shownMs(consumer.retentionMs)],
    // What stands behind the rate is in the arithmetic.
    ["limits", "limits", consumer.limits.map(({ meaning }) => meaning.split(" (")[0]).join("; ") || "none"],
  ];
  const table = rows.map(([field, name, value]) => [name, value, chosen.includes(field) ? "chosen" : ""]);
  return columns([["SETTING", "VALUE", ""], ...table]);
}

function billTable({ bill, billElsewhere }: LoadPlan): string {
  const elsewhere = new Map<BillItem, number>(billElsewhere.lines.map(({ item, usd }) => [item, usd]));
  const head = ["A MONTH", "OMNIBUS", "EVENTBRIDGE + POWERTOOLS", "HOW (OMNIBUS)"] as const;
  const dollars = (usd: number, column: 1 | 2) =>
    shownUsd(usd).padStart(Math.max(head[column].length, shownUsd(bill.usd).length));
  const row = (item: string, ours: number, theirs: number, how: string) => [
    item,
    dollars(ours, 1),
    dollars(theirs, 2),
    how,
  ];
  const rows = bill.lines.map(({ item, usd, how }) => row(item, usd, elsewhere.get(item) ?? 0, how));
  const sum = row("in all", bill.usd, billElsewhere.usd, perMillion(bill, billElsewhere));
  return columns([head, ...rows, sum], { widest: 160 });
}

function perMillion(bill: LoadPlan["bill"], other: LoadPlan["bill"]): string {
  return `${shownUsd(bill.usdPerMillionEvents)} and ${shownUsd(other.usdPerMillionEvents)} a million events; list prices of us-east-1`;
}

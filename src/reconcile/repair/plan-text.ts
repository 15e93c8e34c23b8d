import type { How } from "./how.ts";
import { type PlanItem, type PlanTotal, type RepairPlan, shortIdLength } from "./plan.ts";

/** Items that are told one by one, unless asked for more. */
const fewItems = 50;

/** A plan as people read it: its sums first, then item by item what, why and how. */
export function planText(plan: RepairPlan, { most = fewItems }: { readonly most?: number } = {}): string {
  const { id, job, at, items, totals, left } = plan;
  const classes = Object.entries(totals.classes).map(([name, total]) => `${name} ${totalText(total)}`);
  const more = items.length - most;
  return [
    `plan ${id.slice(0, shortIdLength)} (${id}) of job ${job}, made ${at}`,
    items.length === 0 ? "  nothing is open" : `  ${totalText(totals)}: ${classes.join(", ")}`,
    ...howTexts(totals.how),
    ...(left > 0 ? [`  ${left} more are open: they are in the next plan`] : []),
    ...items.slice(0, most).map(itemText),
    ...(more > 0 ? [`\n  and ${more} more`] : []),
  ].join("\n");
}

/** `12, amounts 3,400`; the amounts only where there are any. */
export function totalText({ differences, amount, withoutAmount }: PlanTotal): string {
  if (withoutAmount === differences) return count(differences);
  const without = withoutAmount > 0 ? ` and ${count(withoutAmount)} unknown` : "";
  return `${count(differences)} (amounts ${count(amount)}${without})`;
}

/** What is to be done, in one line. */
export function howText(how: How): string {
  switch (how.do) {
    case "send":
      return `send ${how.offsets.length === 1 ? "the event" : `${how.offsets.length} events`} to ${how.consumer} again: ${how.offsets.join(", ")}${how.because === undefined ? "" : ` (${how.because})`}`;
    case "call":
      return "call the job's repair function";
    case "tell":
      return `a person: look at ${how.look}`;
  }
}

function howTexts({ send, call, tell }: RepairPlan["totals"]["how"]): readonly string[] {
  return [
    ...(send > 0 ? [`  ${count(send)} by sending archived events again`] : []),
    ...(call > 0 ? [`  ${count(call)} by the job's repair function`] : []),
    ...(tell > 0 ? [`  ${count(tell)} by nobody but a person`] : []),
  ];
}

function itemText({ key, class: as, time, firstSeen, why, how, amount }: PlanItem): string {
  return [
    `\n  ${as}  ${key}  of ${time}${amount === undefined ? "" : `, amount ${count(amount)}`}`,
    `    why  ${why}; open since ${firstSeen}`,
    `    how  ${howText(how)}`,
  ].join("\n");
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

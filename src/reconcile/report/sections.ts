import { describeDifference } from "../repair/describe-difference.ts";
import { howText } from "../repair/plan-text.ts";
import type { AuditEntry } from "../repair/repair-store.ts";
import { type Html, html } from "./html.ts";
import type { JobReport } from "./job-report.ts";
import { countText, durationText, timeText } from "./text.ts";

/** The open differences, the oldest first: field by field, with what can be done about each. */
export function openSection(report: JobReport): Html | undefined {
  const { open, at, job } = report;
  if (open.differences === 0) return undefined;
  const rows = open.some.map(({ difference, firstSeenMs, how }) => {
    const { key, class: as, timeMs } = difference;
    const openFor = durationText(Date.parse(at) - firstSeenMs);
    return html`<tr><td><span class="class ${as}">${as}</span></td><td class="key">${key}</td><td class="time" data-label="happened">${timeText(new Date(timeMs).toISOString())}</td><td class="time" data-label="open for">${openFor}</td><td data-label="differs">${describeDifference(difference, report)}</td><td data-label="to do">${howText(how)}</td></tr>`;
  });
  const more = open.differences - open.some.length;
  return html`<section class="card"><h2>Open differences</h2>
<table><thead><tr><th>class</th><th>key</th><th>happened</th><th>open for</th><th>what differs</th><th>what can be done</th></tr></thead><tbody>${rows}</tbody></table>
${more > 0 ? html`<p class="quiet">${countText(more)} more: <code>bus reconcile show ${job}</code></p>` : undefined}</section>`;
}

/** What the job itself has to say about this run. */
export function notesSection({ notes = [] }: JobReport): Html | undefined {
  if (notes.length === 0) return undefined;
  return html`<section class="card"><h2>Notes</h2>${notes.map((note) => html`<p>${note}</p>`)}</section>`;
}

/** What could not be compared, and why. */
export function unknownSection({ unknown, unknownSpans }: JobReport): Html | undefined {
  if (unknown.length === 0 && unknownSpans === 0) return undefined;
  const rows = unknown.map(
    ({ from, to, source, message }) =>
      html`<tr><td class="time" data-label="from">${timeText(from)}</td><td class="time" data-label="to">${timeText(to)}</td><td data-label="source">${source}</td><td data-label="why">${message}</td></tr>`,
  );
  return html`<section class="card"><h2>Not known</h2>
<p class="quiet">Nothing is called missing for what a side could not answer. ${countText(unknownSpans)} ${unknownSpans === 1 ? "span is" : "spans are"} compared again by the next run.</p>
${rows.length > 0 ? html`<table><thead><tr><th>from</th><th>to</th><th>source</th><th>why</th></tr></thead><tbody>${rows}</tbody></table>` : undefined}</section>`;
}

/** What was repaired by itself, or why nothing was; and how a person goes on. */
export function repairSection({ repair, job, open }: JobReport): Html | undefined {
  const { status, message, counts = {} } = repair;
  if (open.differences === 0 && (status === "off" || status === "nothing")) return undefined;
  const ends = Object.entries(counts).map(([outcome, count]) => `${outcome} ${countText(count ?? 0)}`);
  const text = {
    off: "Nothing is repaired by itself.",
    nothing: "There was nothing to be repaired by itself.",
    applied: `Repaired by itself, as far as the rule allows: ${ends.join(", ") || "nothing was come to"}.`,
    left: "There was no time left to repair anything by itself: the next run does.",
    over: `More is open than may be repaired by itself: ${message ?? ""}`,
    stopped: `Nothing is repaired by itself any more: ${message ?? ""}`,
  }[status];
  const tone = status === "over" ? "warn" : status === "stopped" ? "bad" : "";
  return html`<section class="card"><h2>Repair</h2>
<p class="${tone}">${text}</p>
${status === "stopped" ? html`<p>To go on: look at it, then <code>bus reconcile resume ${job}</code>.</p>` : undefined}
${open.differences > 0 ? html`<p class="quiet">To repair by approval: <code>bus reconcile plan ${job}</code>, then <code>bus reconcile apply</code> with the plan's id.</p>` : undefined}</section>`;
}

/** Who has repaired what, when, and what the look-up said afterwards. */
export function auditSection({ audit, left, right }: JobReport): Html | undefined {
  if (audit.length === 0) return undefined;
  return html`<section class="card"><h2>Repairs</h2>
<table><thead><tr><th>when</th><th>who</th><th>what</th><th>outcome</th><th>before</th><th>after</th></tr></thead><tbody>${audit.map((entry) => auditRow(entry, { left, right }))}</tbody></table></section>`;
}

function auditRow(entry: AuditEntry, sides: { readonly left: string; readonly right: string }): Html {
  const who = html`<td class="time">${timeText(entry.at)}</td><td class="who" data-label="who">${entry.by}</td>`;
  if (entry.what !== "repair") {
    return html`<tr>${who}<td data-label="what">${entry.what}</td><td></td><td colspan="2">${entry.message}</td></tr>`;
  }
  const { key, how, outcome, before, after, message } = entry;
  const isGood = outcome === "repaired" || outcome === "sent";
  const then =
    after === null
      ? "nothing differs"
      : after
        ? describeDifference(after, sides)
        : outcome === "sent"
          ? "on its way"
          : "not known";
  return html`<tr>${who}<td data-label="what"><span class="key">${key}</span>: ${howText(how)}</td><td class="${isGood ? "good" : "bad"}" data-label="outcome">${outcome}</td><td data-label="before">${describeDifference(before, sides)}</td><td data-label="after">${then}${message === undefined ? undefined : html`<br><span class="quiet">${message}</span>`}</td></tr>`;
}

import { hash } from "node:crypto";
import { ageChart } from "./age-chart.ts";
import { classBars } from "./class-bars.ts";
import { type Html, html } from "./html.ts";
import type { JobReport } from "./job-report.ts";
import { openChart } from "./open-chart.ts";
import { auditSection, notesSection, openSection, repairSection, unknownSection } from "./sections.ts";
import { style } from "./style.ts";
import { countText, durationText, timeText } from "./text.ts";

/**
 * A report as one page that needs nothing else: no script, no font, no picture from anywhere. What comes from the compared
 * systems is escaped, and the page's own policy lets nothing but its style through.
 */
export function reportPage(report: JobReport): string {
  const { job, bus, verdict, left, right, at, knownTo, everyMs, settleMs, open } = report;
  const policy = `default-src 'none'; style-src 'sha256-${hash("sha256", style, "base64")}'; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${job}: ${verdict}</title>
<style>${{ html: style }}</style>
</head>
<body>
<main>
<header><h1>${job}</h1><span class="verdict ${verdict}">${verdictText(report)}</span></header>
<p class="quiet">${left} and ${right} on bus ${bus}, as of ${timeText(at)}. Everything before ${timeText(knownTo)} was compared. It runs every ${durationText(everyMs)}; what is younger than ${durationText(settleMs)} is still under way.</p>
${tiles(report)}
<div class="charts">
<section class="card"><h2>Open after each run</h2>${openChart(report)}</section>
<section class="card"><h2>Age of the oldest</h2>${ageChart(report)}</section>
</div>
${open.differences > 0 ? html`<section class="card"><h2>Open by class</h2>${classBars(report)}</section>` : undefined}
${notesSection(report)}
${openSection(report)}
${unknownSection(report)}
${repairSection(report)}
${auditSection(report)}
<footer>Made by Omnibus in ${durationText(report.tookMs)}. All times are UTC. The same for programs: <a href="latest.json">latest.json</a>.</footer>
</main>
</body>
</html>
`;
  return page.html;
}

function verdictText({ verdict, open, unknownSpans, parts }: JobReport): string {
  switch (verdict) {
    case "agree":
      return "agree";
    case "differ":
      return open.differences === 1 ? "1 difference" : `${countText(open.differences)} differences`;
    case "unknown":
      return unknownSpans > 0 ? `unknown in ${countText(unknownSpans)} spans` : "unknown";
    case "unfinished":
      return parts ? `unfinished: ${parts.done} of ${parts.of} parts` : "unfinished";
  }
}

function tiles(report: JobReport): Html {
  const { open, found, resolved, repaired, bound, at } = report;
  const age = open.oldest === undefined ? "none" : durationText(Date.parse(at) - Date.parse(open.oldest));
  const tile = (label: string, value: string, as = "") =>
    html`<div class="tile"><b class="${as}">${value}</b><span>${label}</span></div>`;
  return html`<div class="tiles">
${tile("open", countText(open.differences), open.differences > 0 ? "bad" : "good")}
${open.amount === undefined ? undefined : tile("open, their amounts", countText(open.amount))}
${tile("the oldest is open for", age)}
${tile(`all reported within ${durationText(bound.boundMs)}`, bound.held ? "held" : "not held", bound.held ? "good" : "bad")}
${tile("found · gone · repaired in this run", `${countText(found)} · ${countText(resolved)} · ${countText(repaired)}`)}
</div>`;
}

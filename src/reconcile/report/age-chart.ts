import { at, chartOf, framed } from "./chart-frame.ts";
import { type Html, html } from "./html.ts";
import type { JobReport, PastRun } from "./job-report.ts";
import { durationText, timeText } from "./text.ts";

const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000];
/** Tops of an axis of time: their halves read well, too. */
const tops = [
  ...[2, 4, 10, 20, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2, 4, 6, 12].map((hours) => hours * hourMs),
  ...[1, 2, 4, 6, 10, 20, 40, 60, 100, 200, 400, 1_000, 2_000, 4_000, 10_000].map((days) => days * dayMs),
];

/** How old the oldest open difference was at each of the last runs, beside the time in which all is to be reported. */
export function ageChart({ history, bound: { boundMs } }: JobReport): Html {
  const oldest = Math.max(0, ...history.map(ageOf));
  if (oldest === 0) {
    const held = history.filter(({ boundHeld }) => boundHeld).length;
    return html`<p class="quiet">No difference was open. The bound of ${durationText(boundMs)} was held by ${held} of ${history.length}.</p>`;
  }
  const most = tops.find((top) => top >= Math.max(oldest, boundMs)) ?? oldest;
  const chart = chartOf(history, most);
  const { runs, step, left, right, x, y } = chart;
  const places = runs.map((run, index) => ({ run, cx: at(x(index) + step * 0.4), cy: at(y(ageOf(run))) }));
  const dots = places.map(
    ({ run, cx, cy }) =>
      html`<circle class="dot ${run.boundHeld ? "held" : "broken"}" cx="${cx}" cy="${cy}" r="2.5"><title>${timeText(run.at)}: oldest open for ${durationText(ageOf(run))}; bound ${run.boundHeld ? "held" : "not held"}</title></circle>`,
  );
  const points = places.map(({ cx, cy }) => `${cx},${cy}`).join(" ");
  const bound = html`<line class="bound" x1="${left}" x2="${right}" y1="${at(y(boundMs))}" y2="${at(y(boundMs))}"/>`;
  const drawing = framed(chart, html`${bound}<polyline class="line" points="${points}"/>${dots}`, {
    label: "age of the oldest open difference at each run",
    ticks: [0, most / 2, most],
    textOf: (ms) => (ms === 0 ? "0" : durationText(ms)),
  });
  return html`${drawing}<p class="legend"><span class="good">● bound held</span><span class="bad">● not held</span><span>- - the bound, ${durationText(boundMs)}</span></p>`;
}

function ageOf({ at: time, oldest }: PastRun): number {
  return oldest === undefined ? 0 : Date.parse(time) - Date.parse(oldest);
}

import { differenceClasses } from "../../env.ts";
import { at, chartOf, framed } from "./chart-frame.ts";
import { type Html, html } from "./html.ts";
import type { JobReport, PastRun } from "./job-report.ts";
import { countText, timeText } from "./text.ts";

/** What was open after each of the last runs: one bar a run, a colour a class. */
export function openChart({ history }: JobReport): Html {
  const top = Math.max(0, ...history.map(openAfter));
  if (top === 0) {
    const runs = history.length === 1 ? "run" : `${countText(history.length)} runs`;
    return html`<p class="quiet">Nothing was open after the last ${runs}.</p>`;
  }
  const most = niceTop(top);
  const chart = chartOf(history, most);
  const bars = chart.runs.map(
    (run, index) => html`<g><title>${runText(run)}</title>${barOf(run, index)}</g>`,
  );
  return framed(chart, html`${bars}`, {
    label: "open differences after each run",
    ticks: most === 1 ? [0, 1] : [0, most / 2, most],
    textOf: countText,
  });

  function barOf(run: PastRun, index: number): readonly Html[] {
    const { x, y, step, height } = chart;
    let below = 0;
    const pieces = differenceClasses.flatMap((name) => {
      const count = run.open[name] ?? 0;
      if (count === 0) return [];
      const from = y(below);
      below += count;
      return [
        html`<rect class="fill-${name}" x="${at(x(index))}" y="${at(y(below))}" width="${at(Math.max(1, step * 0.8))}" height="${at(from - y(below))}"/>`,
      ];
    });
    const all = html`<rect class="hit" x="${at(x(index))}" y="${chart.top}" width="${at(step)}" height="${height}"/>`;
    return [all, ...pieces];
  }
}

function openAfter({ open }: PastRun): number {
  return Object.values(open).reduce((sum, count) => sum + count, 0);
}

function runText(run: PastRun): string {
  const classes = differenceClasses
    .filter((name) => (run.open[name] ?? 0) > 0)
    .map((name) => `${name} ${countText(run.open[name] ?? 0)}`);
  return `${timeText(run.at)}: ${classes.join(", ") || "nothing open"}; found ${run.found}, gone ${run.resolved}, repaired ${run.repaired}`;
}

/** The least of 1, 2, 4, 6, 10, 20 … that is not below. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 6].find((factor) => factor * power >= value) ?? 10) * power;
}

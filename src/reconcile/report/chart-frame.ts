import { type Html, html } from "./html.ts";
import type { PastRun } from "./job-report.ts";
import { shortTimeText } from "./text.ts";

/** Drawing units; the page scales them. */
const size = { width: 460, height: 190, left: 54, right: 8, top: 12, bottom: 26 };
const inner = { width: size.width - size.left - size.right, height: size.height - size.top - size.bottom };
/** Runs that are drawn: more would be thinner than a line. */
const mostRuns = 120;
/** With fewer runs than this, each is drawn as wide as if there were so many. */
const fewestRuns = 12;
/** Two labels that are nearer would lie over each other. */
const labelWidth = 84;

/** A drawing over runs, from left to right: where each is, and how high a value. */
export interface Chart {
  readonly runs: readonly PastRun[];
  /** How wide one run is. */
  readonly step: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly height: number;
  /** The left edge of a run, by its place. */
  x(index: number): number;
  y(value: number): number;
}

/** A chart of the last runs, up to `most`. */
export function chartOf(history: readonly PastRun[], most: number): Chart {
  const runs = history.slice(-mostRuns);
  const step = inner.width / Math.max(runs.length, fewestRuns);
  return {
    runs,
    step,
    left: size.left,
    right: size.width - size.right,
    top: size.top,
    height: inner.height,
    x: (index) => size.left + index * step,
    y: (value) => size.top + inner.height * (1 - value / most),
  };
}

/** A drawing with its axes: values at some heights, times below. */
export function framed(
  { runs, step, left, right, x, y }: Chart,
  content: Html,
  {
    label,
    ticks,
    textOf,
  }: {
    readonly label: string;
    readonly ticks: readonly number[];
    readonly textOf: (value: number) => string;
  },
): Html {
  const lines = ticks.map((value) => {
    const height = at(y(value));
    return html`<line class="grid" x1="${left}" x2="${right}" y1="${height}" y2="${height}"/><text class="axis end" x="${left - 6}" y="${at(y(value) + 4)}">${textOf(value)}</text>`;
  });
  const last = runs.length - 1;
  const marks = [0, Math.floor(last / 2), last].filter(
    (index, nth, all) => index >= 0 && (nth === 0 || (index - (all[nth - 1] ?? 0)) * step > labelWidth),
  );
  const times = marks.map((index) => {
    const middle = x(index) + step * 0.4;
    const end = middle > right - labelWidth / 2 ? "end" : middle < left + labelWidth / 2 ? "start" : "middle";
    return html`<text class="axis ${end}" x="${at(middle)}" y="${size.height - 8}">${shortTimeText(runs[index]?.at ?? "")}</text>`;
  });
  return html`<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${label}">${lines}${content}${times}</svg>`;
}

/** A coordinate, to a tenth. */
export function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

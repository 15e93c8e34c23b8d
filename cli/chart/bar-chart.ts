import { oneLine } from "../columns.ts";
import type { ChartData } from "./chart-data.ts";
import { numberText } from "./number-text.ts";

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const longestLabel = 32;
const leastBar = 8;

/** Bars in text, a row each, `width` characters wide: label, bar, value. Values below 0 go to the left. */
export function barChart({ labels, series }: ChartData, width: number): string {
  const rows = labels.flatMap((label, index) =>
    series.map(({ name, values }) => ({
      label: cut(oneLine(series.length === 1 ? label : `${label} ${name}`)),
      value: values[index],
    })),
  );
  const numbers = rows.flatMap(({ value }) => (value === undefined ? [] : [value]));
  const least = Math.min(0, ...numbers);
  const most = Math.max(0, ...numbers);
  const labelWidth = Math.max(0, ...rows.map(({ label }) => label.length));
  const valueWidth = Math.max(0, ...numbers.map((value) => numberText(value).length));
  const space = Math.max(leastBar, width - labelWidth - valueWidth - 4);
  const scale = most === least ? 0 : space / (most - least);
  const left = Math.round(-least * scale);
  return rows
    .map(({ label, value }) => {
      const bar = value === undefined ? "" : barOf(value * scale, left);
      const shown = value === undefined ? "" : numberText(value);
      return `${label.padEnd(labelWidth)}  ${bar.padEnd(space)}  ${shown.padStart(valueWidth)}`.trimEnd();
    })
    .join("\n");
}

/** A bar of so many characters, to the right of a zero that has `left` before it, or to the left. */
function barOf(length: number, left: number): string {
  if (length < 0) {
    const whole = Math.min(left, Math.max(1, Math.round(-length)));
    return " ".repeat(left - whole) + "█".repeat(whole);
  }
  const steps = Math.round(length * 8);
  return " ".repeat(left) + "█".repeat(Math.floor(steps / 8)) + (eighths[steps % 8] ?? "");
}

function cut(label: string): string {
  return label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label;
}

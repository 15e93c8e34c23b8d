import type { ChartData } from "./chart-data.ts";
import { numberText } from "./number-text.ts";

/** Braille: two dots wide and four high a character; the bit of each dot, from the top down. */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;
const emptyCell = 0x2800;
const height = 10;
const leastWidth = 16;

/** Lines over time in text, one below the other, `width` characters wide; the least and the most at the side. */
export function lineChart({ labels, timesMs = [], series }: ChartData, width: number): string {
  return series
    .map(({ name, values }) => {
      const points = values.flatMap((value, index) =>
        value === undefined ? [] : [{ x: timesMs[index] ?? index, y: value }],
      );
      const ys = points.map(({ y }) => y);
      const [least, most] = [Math.min(...ys), Math.max(...ys)];
      const [top, bottom] = [numberText(most), numberText(least)];
      const margin = Math.max(top.length, bottom.length);
      const columns = Math.max(leastWidth, width - margin - 3);
      const side = (row: number) => (row === 0 ? top : row === height - 1 ? bottom : "").padStart(margin);
      const drawn = draw(points, columns).map((row, index) => `${side(index)} ┤${row}`.trimEnd());
      const [first = "", last = ""] = [labels[0], labels.at(-1)];
      const gap = " ".repeat(Math.max(2, columns - first.length - last.length));
      return [name, ...drawn, `${" ".repeat(margin)}  ${first}${gap}${last}`].join("\n");
    })
    .join("\n\n");
}

function draw(points: readonly { readonly x: number; readonly y: number }[], columns: number): string[] {
  const cells = Array.from({ length: height }, () => new Uint8Array(columns));
  const [wide, high] = [columns * 2 - 1, height * 4 - 1];
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const place = placer(Math.min(...xs), Math.max(...xs), wide);
  const level = placer(Math.min(...ys), Math.max(...ys), high);
  const dot = (x: number, y: number) => {
    const row = cells[Math.floor(y / 4)];
    const column = Math.floor(x / 2);
    if (row) row[column] = (row[column] ?? 0) | (dots[x % 2 === 0 ? 0 : 1][y % 4] ?? 0);
  };
  let before: { x: number; y: number } | undefined;
  for (const { x, y } of points) {
    const now = { x: place(x), y: high - level(y) };
    const steps = before ? Math.max(1, Math.abs(now.x - before.x), Math.abs(now.y - before.y)) : 1;
    const from = before ?? now;
    for (let step = 1; step <= steps; step++) {
      const share = step / steps;
      dot(Math.round(from.x + (now.x - from.x) * share), Math.round(from.y + (now.y - from.y) * share));
    }
    before = now;
  }
  return cells.map((row) => String.fromCodePoint(...[...row].map((bits) => emptyCell + bits)));
}

/** Puts values between the least and the most onto 0 to `last`; in the middle where all are the same. */
function placer(least: number, most: number, last: number): (value: number) => number {
  if (most === least) return () => Math.floor(last / 2);
  return (value) => Math.round(((value - least) / (most - least)) * last);
}

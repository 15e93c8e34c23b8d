const heights = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/** Values from left to right as a line of bars, the highest as high as a line; what is not 0 can be seen. */
export function sparkline(values: readonly number[], width = 40): string {
  const some = values.slice(-width);
  const most = Math.max(1, ...some);
  return some
    .map((value) => heights[value <= 0 ? 0 : Math.max(1, Math.round((value / most) * 8))] ?? "█")
    .join("");
}

/** One bar of a chart, `width` characters for `most`; what is not 0 can be seen. */
export function bar(value: number, most: number, width = 30): string {
  if (value <= 0 || most <= 0) return "";
  return "█".repeat(Math.max(1, Math.round((Math.min(value, most) / most) * width)));
}

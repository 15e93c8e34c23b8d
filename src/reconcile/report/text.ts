const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** How long something takes, in its two largest units: `2 h 15 min`, `4 d`, `90 s` is `1 min 30 s`, `350 ms`. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const first = units.findIndex(([, size]) => ms >= size);
  const [unit, size] = units[first] ?? ["s", 1_000];
  const [smaller, smallerSize] = units[first + 1] ?? [undefined, size];
  const whole = smaller === undefined ? Math.round(ms / size) : Math.floor(ms / size);
  const rest = smaller === undefined ? 0 : Math.floor((ms - whole * size) / smallerSize);
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${smaller}`;
}

/** `2026-11-27 09:00:00 UTC`, out of a time as JSON has it. */
export function timeText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** `27 Nov 09:00`, for an axis. */
export function shortTimeText(iso: string): string {
  const month = months[Number(iso.slice(5, 7)) - 1] ?? "";
  return `${Number(iso.slice(8, 10))} ${month} ${iso.slice(11, 16)}`;
}

/** A number with its thousands apart. */
export function countText(count: number): string {
  return count.toLocaleString("en-US");
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

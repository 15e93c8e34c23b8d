const minuteMs = 60_000;
const pattern = /^(\d{4})-(\d{2})-(\d{2})-(\d{2})-(\d{2})$/;

/** The name of the archived span that a moment belongs to: its UTC start, `yyyy-MM-dd-HH-mm`. */
export function spanAt(timeMs: number, spanMs: number): string {
  return spanName(Math.floor(timeMs / spanMs) * spanMs);
}

/** The name of the span that begins then. */
export function spanName(fromMs: number): string {
  return new Date(fromMs).toISOString().slice(0, 16).replace(/[T:]/g, "-");
}

/** When a span begins, in milliseconds since the epoch; `undefined` for what is no span's name. */
export function spanStartMs(name: string): number | undefined {
  const parts = pattern.exec(name);
  if (!parts) return undefined;
  const [year, month, day, hour, minute] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const startMs = Date.UTC(year, month - 1, day, hour, minute);
  return spanName(startMs) === name ? startMs : undefined;
}

/** Whether spans can have this length: whole minutes, since their names have no seconds. */
export function isSpanLength(spanMs: number): boolean {
  return Number.isSafeInteger(spanMs) && spanMs >= minuteMs && spanMs % minuteMs === 0;
}

/** A number as a plan tells it: `0.76`, `12.6`, `4,873`, `263 million`. */
export function shownNumber(value: number): string {
  if (!Number.isFinite(value)) return "endless";
  const size = Math.abs(value);
  if (size >= 1e9) return `${trimmed(value / 1e9, size >= 1e10 ? 0 : 1)} billion`;
  if (size >= 1e6) return `${trimmed(value / 1e6, size >= 1e7 ? 0 : 1)} million`;
  if (size >= 100) return Math.round(value).toLocaleString("en-US");
  if (size >= 1 || size === 0) return trimmed(value, size >= 10 ? 1 : 2);
  return Number(value.toPrecision(2)).toString();
}

/** A span of time as a plan tells it: `64 ms`, `12.6 s`, `205 s`, `57 min`, `3.2 h`, `4 d`. */
export function shownMs(ms: number): string {
  if (ms < 1_000) return `${trimmed(ms, ms < 10 ? 2 : 0)} ms`;
  if (ms < 5 * 60_000) return `${trimmed(ms / 1_000, ms < 100_000 ? 1 : 0)} s`;
  if (ms < 3_600_000) return `${trimmed(ms / 60_000, ms < 600_000 ? 1 : 0)} min`;
  if (ms < 2 * 86_400_000) return `${trimmed(ms / 3_600_000, 1)} h`;
  return `${trimmed(ms / 86_400_000, 1)} d`;
}

/** Bytes as a plan tells them, in powers of ten as bills have them: `330 bytes`, `1.2 GB`. */
export function shownBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"] as const;
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${shownNumber(bytes / 1_000 ** power)} ${units[power]}`;
}

/** US dollars as a plan tells them: `$0.04`, `$1,131.40`, `$12,480`. */
export function shownUsd(usd: number): string {
  if (usd > 0 && usd < 0.01) return "< $0.01";
  const digits = usd >= 10_000 ? 0 : 2;
  return `$${usd.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

/** A price as its page tells it: `$0.50`, `$0.625`. */
export function shownPrice(usd: number): string {
  return `$${Number(usd.toFixed(2)) === usd ? usd.toFixed(2) : usd}`;
}

/** Without zeros at its end. */
function trimmed(value: number, digits: number): string {
  return Number(value.toFixed(digits)).toString();
}

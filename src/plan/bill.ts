/** What is paid for. */
export const billItems = [
  "publish",
  "queue",
  "function",
  "ledger",
  "ledger storage",
  "archive",
  "logs and metrics",
] as const;
export type BillItem = (typeof billItems)[number];

/** One line of a bill: what a month costs, in US dollars, and how that comes. */
export interface BillLine {
  readonly item: BillItem;
  readonly how: string;
  readonly usd: number;
}

/** What a month of one consumer costs. */
export interface Bill {
  readonly lines: readonly BillLine[];
  readonly usd: number;
  readonly usdPerMillionEvents: number;
}

/** Adds up a bill. */
export function billOf(lines: readonly BillLine[], events: number): Bill {
  const usd = lines.reduce((sum, line) => sum + line.usd, 0);
  return { lines, usd, usdPerMillionEvents: (usd * 1_000_000) / events };
}

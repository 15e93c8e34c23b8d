/** One line of the partner's own books. `unanswered`: paid, and the answer was lost on the way. */
export type BookLine =
  | {
      readonly kind: "paid";
      readonly atMs: number;
      readonly order: number;
      readonly key: string;
      readonly cents: number;
      readonly unanswered: boolean;
    }
  /** The same key once more: answered from the books. */
  | { readonly kind: "again"; readonly atMs: number; readonly order: number; readonly key: string }
  | { readonly kind: "down"; readonly atMs: number }
  | { readonly kind: "up"; readonly atMs: number };

/** What the books add up to. */
export interface BooksReport {
  /** Different orders that were paid for. */
  readonly orders: number;
  /** Orders that were paid for under more than one key. */
  readonly doublePayments: number;
  readonly cents: number;
  /** Payments whose answer was lost, and calls that were answered from the books. */
  readonly unanswered: number;
  readonly again: number;
  /** How long the partner was down. */
  readonly downSeconds: number;
  /** From its return to the first payment after it; `undefined`: there was none, or no outage. */
  readonly recoverySeconds: number | undefined;
}

/** Keeps books by idempotency key: the first call pays, any later one with its key is answered as the first was. */
export function createBooks(write: (line: BookLine) => void) {
  const known = new Set<string>();
  return {
    pay(order: number, cents: number, key: string, atMs: number, { unanswered = false } = {}): void {
      const isKnown = known.has(key);
      known.add(key);
      write(
        isKnown ? { kind: "again", atMs, order, key } : { kind: "paid", atMs, order, key, cents, unanswered },
      );
    },
    turn: (kind: "down" | "up", atMs: number) => write({ kind, atMs }),
  };
}

/** Adds the books up. */
export function readBooks(lines: Iterable<BookLine>): BooksReport {
  const keys = new Map<number, string>();
  const doubled = new Set<number>();
  let [cents, unanswered, again] = [0, 0, 0];
  let downMs: number | undefined;
  let upMs: number | undefined;
  let firstMs: number | undefined;
  for (const line of lines) {
    switch (line.kind) {
      case "down":
        downMs ??= line.atMs;
        break;
      case "up":
        upMs = line.atMs;
        firstMs = undefined;
        break;
      case "again":
        again++;
        if (upMs !== undefined) firstMs ??= line.atMs;
        break;
      case "paid":
        if ((keys.get(line.order) ?? line.key) !== line.key) doubled.add(line.order);
        keys.set(line.order, line.key);
        cents += line.cents;
        if (line.unanswered) unanswered++;
        if (upMs !== undefined) firstMs ??= line.atMs;
    }
  }
  return {
    orders: keys.size,
    doublePayments: doubled.size,
    cents,
    unanswered,
    again,
    downSeconds: downMs === undefined || upMs === undefined ? 0 : (upMs - downMs) / 1_000,
    recoverySeconds: upMs === undefined || firstMs === undefined ? undefined : (firstMs - upMs) / 1_000,
  };
}

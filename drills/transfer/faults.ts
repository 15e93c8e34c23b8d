import type { DifferenceClass } from "../../src/reconcile/index.ts";

/** What goes wrong inside the banks, and which difference it must be found as. The bus is not touched. */
export const faultClasses = {
  /** Bank B takes the event, and books nothing. */
  "lost-credit": "missing-right",
  /** Bank B books it twice. */
  "double-credit": "duplicate",
  /** Bank B books another amount. */
  "wrong-amount": "mismatch",
  /** Bank A debits, and tells nobody. */
  "debit-without-event": "missing-right",
  /** Bank A has debited an hour before it tells. */
  "late-by-an-hour": "late",
  /** Bank B books a credit besides that nobody has paid for. */
  "credit-without-debit": "missing-left",
} as const satisfies Readonly<Record<string, DifferenceClass>>;

export type FaultKind = keyof typeof faultClasses;
export const faultKinds = Object.keys(faultClasses) as readonly FaultKind[];

/** One fault that is injected. */
export interface Fault {
  readonly kind: FaultKind;
  /** The key of the difference that it makes. */
  readonly key: string;
  readonly class: DifferenceClass;
}

/** The transfer of a number, and the one that bank B makes up beside it. */
export const transferOf = (number: number): string => `transfer-${number}`;
export const madeUp = (transfer: string): string => `${transfer}-of-nobody`;

/** Of each kind this many, in so many transfers: one in 500, and two at least. */
export const faultsOfKind = (transfers: number): number => Math.max(2, Math.floor(transfers / 500));

/** Which transfers go wrong, and how: all kinds in turn, evenly spread. The injection list of a run. */
export function planFaults(transfers: number): ReadonlyMap<number, Fault> {
  const count = faultsOfKind(transfers) * faultKinds.length;
  return new Map(
    Array.from({ length: count }, (_, nth) => {
      const number = Math.floor(((nth + 0.5) * transfers) / count);
      const kind = faultKinds[nth % faultKinds.length] as FaultKind;
      const transfer = transferOf(number);
      const key = kind === "credit-without-debit" ? madeUp(transfer) : transfer;
      return [number, { kind, key, class: faultClasses[kind] }];
    }),
  );
}

/** The amount that bank B books instead. */
export const wrongCents = (cents: number): number => (cents % 2 === 0 ? cents + 900 : cents - 1);

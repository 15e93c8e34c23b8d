import type { Credit } from "./credit-book.ts";
import type { Fault } from "./faults.ts";

/** What one look at both books has shown. */
export interface MoneyLook {
  /** Why money is there twice that nobody has injected; `undefined`: it is not. */
  readonly twice: string | undefined;
  /** Cents that bank A has taken and bank B has not booked: under way, or injected as lost. */
  readonly inFlight: number;
}

/**
 * Looks at money that is on its way. What stands in bank B's book was read before what bank A had taken by then: so a credit
 * without its debit shows, however quickly transfers go on. Beyond what was injected, no credit may stand twice or be more than
 * its debit, and all of them together not more than was taken.
 */
export function lookAtMoney(
  standing: readonly Credit[],
  debitedCents: number,
  faults: ReadonlyMap<string, Fault>,
): MoneyLook {
  const sums = new Map<string, { credits: number; cents: number; least: number }>();
  for (const { transfer, cents } of standing) {
    const sum = sums.get(transfer);
    if (!sum) sums.set(transfer, { credits: 1, cents, least: cents });
    else {
      sum.credits += 1;
      sum.cents += cents;
      sum.least = Math.min(sum.least, cents);
    }
  }
  let honest = 0;
  for (const [transfer, { credits, cents, least }] of sums) {
    const kind = faults.get(transfer)?.kind;
    const allowed = kind === "double-credit" ? 2 : 1;
    if (credits > allowed) return { twice: `${transfer} was credited ${credits} times`, inFlight: 0 };
    if (kind === undefined) honest += cents;
    else if (kind === "double-credit") honest += least;
    else if (kind !== "credit-without-debit" && kind !== "wrong-amount") honest += cents;
  }
  const inFlight = debitedCents - honest;
  const twice = inFlight < 0 ? `bank B has ${-inFlight} cents more than bank A has paid` : undefined;
  return { twice, inFlight };
}

import { countOfShare } from "../frame/chance.ts";
import type { StageName } from "./names.ts";

/** Who says no to which share of the orders. */
export const shares: readonly {
  readonly stage: StageName;
  readonly share: number;
  readonly reason: string;
}[] = [
  { stage: "RiskCheck", share: 0.03, reason: "too risky" },
  { stage: "LockStock", share: 0.02, reason: "out of stock" },
  { stage: "Charge", share: 0.01, reason: "card declined" },
];

/** Primes: each share is spread evenly over the orders, and no order has two troubles. */
const stride = 7_919;

/** Which of the first `orders` orders gets into which trouble: exactly the shares, by their place alone. */
export function troubles(orders: number): ReadonlyMap<number, { stage: StageName; reason: string }> {
  const found = new Map<number, { stage: StageName; reason: string }>();
  let place = 0;
  for (const { stage, share, reason } of shares) {
    for (let left = countOfShare(orders, share); left > 0; left--) {
      while (found.has(place % orders)) place++;
      found.set(place % orders, { stage, reason });
      place += stride;
    }
  }
  return found;
}

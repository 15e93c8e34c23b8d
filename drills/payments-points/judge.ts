import { droppedOf } from "./payment.ts";
import type { Readings } from "./witness.ts";

export interface PaymentsPointsResult {
  readonly payments: number;
  /** Payments without points, before anything was reconciled. */
  readonly injected: number;
  /** Of these: those that were found to have none. */
  readonly found: number;
  readonly falseAlarms: number;
  /** Those that have their points in the end. */
  readonly repaired: number;
  readonly pointsEarned: number;
  readonly pointsGiven: number;
  /** What the run after the last one found or repaired. */
  readonly secondRunChanges: number;
  readonly pass: boolean;
  readonly findings: readonly string[];
}

/** What a run has left behind, as its witness reads it. */
export interface Evidence {
  readonly payments: number;
  /** Before the reconciliation ran, when it had, and when its plan was applied. */
  readonly before: Readings;
  readonly found: Readings;
  readonly after: Readings;
  readonly lastRun: { readonly found: number; readonly resolved: number; readonly repaired: number };
}

/** Judges by the provider's statement and the points that were given. */
export function judge({ payments, before, found, after, lastRun }: Evidence): PaymentsPointsResult {
  const dropped = droppedOf(payments);
  const injected = new Set(before.without);
  const seen = Object.entries(found.open);
  const right = seen.filter(([key, as]) => injected.has(key) && as === "missing-right").length;
  const falseAlarms = seen.length - right;
  const repaired = before.without.length - after.without.length;
  const secondRunChanges = lastRun.found + lastRun.resolved + lastRun.repaired;
  const findings: string[] = [];
  const mustBe = (what: string, is: number, expected: number) => {
    if (is !== expected) findings.push(`${what}: ${is}, and must be ${expected}`);
  };
  mustBe("payments without points that were found", right, injected.size);
  mustBe("false alarms", falseAlarms, 0);
  mustBe("payments without points at the end", after.without.length, 0);
  mustBe("points of nobody", after.ofNobody.length, 0);
  mustBe("points given", after.pointsGiven, after.pointsEarned);
  mustBe("open at the end", Object.keys(after.open).length, 0);
  mustBe("changes by one more run", secondRunChanges, 0);
  mustBe("dead letters", after.deadLetters, 0);
  if (injected.size !== dropped || dropped === 0) {
    findings.push(
      `not exercised: the points of ${injected.size} payments were dropped, of ${dropped} promised`,
    );
  }
  return {
    payments,
    injected: injected.size,
    found: right,
    falseAlarms,
    repaired,
    pointsEarned: after.pointsEarned,
    pointsGiven: after.pointsGiven,
    secondRunChanges,
    pass: findings.length === 0,
    findings,
  };
}

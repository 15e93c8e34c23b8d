import { consumerDefaults } from "../../src/plan/index.ts";
import type { BooksReport } from "./books.ts";
import { orderOf } from "./contracts.ts";

/** A partner that is back is found within one interval between two probes. */
export const probeSeconds = consumerDefaults.breaker.probeMs / 1_000;

export interface OutageResult {
  readonly events: number;
  /** Orders that nobody paid for. */
  readonly lost: number;
  readonly doublePayments: number;
  /** Dead letters. */
  readonly dead: number;
  /** The most runs that the ledger has counted for one event. */
  readonly maxAttempts: number;
  /** From the partner's return to the first call that it took. */
  readonly recoverySeconds: number;
  readonly pass: boolean;
  readonly findings: readonly string[];
  readonly downSeconds: number;
  /** How long the consumer was held. */
  readonly heldSeconds: number;
  /** Payments whose answer was lost, and calls that were answered from the partner's books. */
  readonly unanswered: number;
  readonly again: number;
}

/** What a run has left behind, as its witnesses read it. */
export interface Evidence {
  readonly events: number;
  readonly downSeconds: number;
  readonly books: BooksReport;
  readonly dead: number;
  readonly maxAttempts: number;
  readonly heldSeconds: number;
}

/** Judges by the partner's books, the dead-letter queue and the ledger. */
export function judge({
  events,
  downSeconds,
  books,
  dead,
  maxAttempts,
  heldSeconds,
}: Evidence): OutageResult {
  const findings: string[] = [];
  const lost = events - books.orders;
  const recoverySeconds = books.recoverySeconds ?? Number.POSITIVE_INFINITY;
  const mustBe = (what: string, is: number, expected: number) => {
    if (is !== expected) findings.push(`${what}: ${is}, and must be ${expected}`);
  };
  mustBe("orders lost", lost, 0);
  mustBe("orders paid twice", books.doublePayments, 0);
  mustBe("cents", books.cents, centsOf(events));
  mustBe("dead letters", dead, 0);
  mustBe("attempts of an event", maxAttempts, 1);
  if (recoverySeconds > probeSeconds) {
    findings.push(`recovery began after ${recoverySeconds} s, and ${probeSeconds} s are allowed`);
  }
  if (books.downSeconds < downSeconds) {
    findings.push(`not exercised: the partner was down for ${books.downSeconds} s of ${downSeconds}`);
  }
  if (heldSeconds < downSeconds / 2) {
    findings.push(`not exercised: the consumer was held for ${heldSeconds} s of ${downSeconds}`);
  }
  if (books.unanswered === 0) findings.push("not exercised: no payment's answer was lost");
  return {
    events,
    lost,
    doublePayments: books.doublePayments,
    dead,
    maxAttempts,
    recoverySeconds: round(recoverySeconds),
    pass: findings.length === 0,
    findings,
    downSeconds: round(books.downSeconds),
    heldSeconds: round(heldSeconds),
    unanswered: books.unanswered,
    again: books.again,
  };
}

function centsOf(events: number): number {
  let cents = 0;
  for (let order = 0; order < events; order++) cents += orderOf(order, "").cents;
  return cents;
}

const round = (value: number) => (Number.isFinite(value) ? Math.round(value * 100) / 100 : value);

import type { BooksReport } from "./books.ts";
import { type CrashPoint, crashPoints } from "./die-once.ts";
import { type Fault, faultKinds, planFaults } from "./faults.ts";
import { leastKills } from "./options.ts";
import type { Watched } from "./watcher.ts";

export interface TransferResult {
  readonly transfers: number;
  /** Faults that stood in the books before anything was reconciled. */
  readonly injected: number;
  /** Of these: those that were found, and those that were called something else, too. */
  readonly found: number;
  readonly misclassified: number;
  /** Differences that were open at any moment and are none. */
  readonly falseAlarms: number;
  /** Repaired and looked up again, each once; what is only late needs none. */
  readonly repaired: number;
  readonly centsLeft: number;
  readonly centsRight: number;
  /** What the run after the last one found, repaired or changed in the books. */
  readonly secondRunChanges: number;
  readonly pass: boolean;
  readonly findings: readonly string[];
  /** Injected and found, by kind. */
  readonly kinds: Readonly<Record<string, { readonly injected: number; readonly found: number }>>;
  /** Killed by SIGKILL: at named steps, and at random. */
  readonly diedAt: readonly CrashPoint[];
  readonly kills: Kills;
  /** Transactions of bank A that its table refused: before and after it had done them. */
  readonly throttled: number;
  /** Looks at both books during the run, and those that found money twice. */
  readonly looks: number;
  readonly moneyTwice: number;
  readonly mostCentsInFlight: number;
  /** What the reconciliation with bank B's statement said. */
  readonly statement: string;
  readonly seconds: number;
}

export interface Kills {
  readonly bankA: number;
  readonly bankB: number;
  readonly reconciler: number;
}

/** What a run has left behind, as its witnesses read it. */
export interface Evidence {
  readonly transfers: number;
  /** The books before anything was reconciled, after all was repaired, and after one more run. */
  readonly before: BooksReport;
  readonly after: BooksReport;
  readonly again: BooksReport;
  /** What the one more run tells. */
  readonly lastRun: { readonly found: number; readonly resolved: number; readonly repaired: number };
  /** Keys of repairs that ended well. */
  readonly repaired: readonly string[];
  readonly watched: Watched;
  readonly deadLetters: number;
  readonly kills: Kills;
  readonly diedAt: readonly CrashPoint[];
  readonly throttled: number;
  readonly statement: string;
  readonly seconds: number;
}

/** Judges by both books, by what was ever open, and by the audit of repairs, with the injection list at hand. */
export function judge(evidence: Evidence): TransferResult {
  const { transfers, before, after, again, lastRun, watched, kills, diedAt, throttled } = evidence;
  const faults = [...planFaults(transfers).values()];
  const byKey = new Map(faults.map((fault) => [fault.key, fault]));
  const isInjected = ({ key, class: as }: Fault) => before.differing[key] === as;
  const isFound = ({ key }: Fault) => Object.hasOwn(watched.open, key);
  const found = faults.filter(isFound);
  const misclassified = found.filter((fault) => watched.open[fault.key]?.some((as) => as !== fault.class));
  const falseAlarms = Object.keys(watched.open).filter((key) => !byKey.has(key));
  const mended = new Set(evidence.repaired);
  const toRepair = faults.filter(({ class: as }) => as !== "late");
  const repaired = toRepair.filter(({ key }) => mended.has(key)).length;
  const unplanned = Object.keys(before.differing).filter((key) => !byKey.has(key));
  const stillDiffering = Object.entries(after.differing).filter(([, as]) => as !== "late");
  const booksChanged = after.fingerprint === again.fingerprint ? 0 : 1;
  const secondRunChanges = lastRun.found + lastRun.resolved + lastRun.repaired + booksChanged;
  const injected = faults.filter(isInjected).length;
  const findings: string[] = [];
  const mustBe = (what: string, is: number, expected: number) => {
    if (is !== expected) findings.push(`${what}: ${is}, and must be ${expected}`);
  };
  mustBe("differences found", found.length, faults.length);
  mustBe("called something else", misclassified.length, 0);
  mustBe("false alarms", falseAlarms.length, 0);
  mustBe("repaired", repaired, toRepair.length);
  mustBe("repairs written down twice", evidence.repaired.length, mended.size);
  mustBe("repaired without a fault", [...mended].filter((key) => !byKey.has(key)).length, 0);
  mustBe("transfers that differ at the end", stillDiffering.length, 0);
  mustBe("cents right", after.centsRight, after.centsLeft);
  mustBe("changes by one more run", secondRunChanges, 0);
  mustBe("looks that found money twice", watched.twice.length, 0);
  mustBe("differences that nobody injected", unplanned.length, 0);
  mustBe("dead letters", evidence.deadLetters, 0);
  if (evidence.statement !== "agree")
    findings.push(`bank B's statement: ${evidence.statement}, and must agree`);
  const exercised = (what: string, is: number, least: number) => {
    if (is < least) findings.push(`not exercised: ${what}: ${is} of ${least}`);
  };
  exercised("faults in the books", injected, faults.length);
  exercised("named steps that somebody died at", diedAt.length, crashPoints.length);
  exercised("kills of bank A's desk", kills.bankA, leastKills);
  exercised("kills of bank B's functions", kills.bankB, leastKills);
  exercised("kills of the reconciliation", kills.reconciler, leastKills);
  exercised("throttled transactions", throttled, Math.max(1, Math.floor(transfers / 2_000)));
  exercised("looks at the money", watched.looks, 10);
  exercised("cents in flight", watched.mostInFlight, 1);
  return {
    transfers,
    injected,
    found: found.length,
    misclassified: misclassified.length,
    falseAlarms: falseAlarms.length,
    repaired,
    centsLeft: after.centsLeft,
    centsRight: after.centsRight,
    secondRunChanges,
    pass: findings.length === 0,
    findings,
    kinds: Object.fromEntries(
      faultKinds.map((kind) => {
        const all = faults.filter((fault) => fault.kind === kind);
        return [kind, { injected: all.filter(isInjected).length, found: all.filter(isFound).length }];
      }),
    ),
    diedAt,
    kills,
    throttled,
    looks: watched.looks,
    moneyTwice: watched.twice.length,
    mostCentsInFlight: watched.mostInFlight,
    statement: evidence.statement,
    seconds: evidence.seconds,
  };
}

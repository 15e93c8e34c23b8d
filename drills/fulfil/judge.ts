import { countOfShare } from "../frame/chance.ts";
import { redeployed, type StageName, slowed, stageNames } from "./names.ts";
import { slowFactor } from "./options.ts";
import type { BooksReport, Times } from "./read-books.ts";
import { shares } from "./trouble.ts";

/** What a run has shown. */
export interface FulfilResult {
  readonly orders: number;
  readonly shipped: number;
  readonly compensated: number;
  /** Orders that are neither. */
  readonly stuck: number;
  /** Stages that neither was replaced nor slowed, and whose critical time suffered all the same. */
  readonly harmToOthers: number;
  readonly pass: boolean;
  readonly findings: readonly string[];
  readonly deadLetters: number;
  readonly doubled: number;
  readonly again: number;
  readonly criticalMs: Readonly<Record<StageName, { readonly quiet: Times; readonly disturbed: Times }>>;
}

/** What a run has left behind, as its witness reads it. */
export interface Evidence {
  readonly orders: number;
  readonly books: BooksReport;
  readonly deadLetters: number;
}

/**
 * What a machine with other work to do may add. A stage that waits for a slow one waits for seconds, as the slow one's own orders
 * do: the median tells that, and bounds on the tail may be wide.
 */
export const allowedMs = ({ p50, p95 }: Times): Times => ({ p50: 2 * p50 + 100, p95: 3 * p95 + 500 });

/** Judges by the partners' books and the dead letters. */
export function judge({ orders, books, deadLetters }: Evidence): FulfilResult {
  const findings: string[] = [];
  const mustBe = (what: string, is: number, expected: number) => {
    if (is !== expected) findings.push(`${what}: ${is}, and must be ${expected}`);
  };
  const expected = shares.map(({ stage, share }) => ({ stage, count: countOfShare(orders, share) }));
  const troubled = expected.reduce((sum, { count }) => sum + count, 0);
  mustBe("orders shipped", books.shipped, orders - troubled);
  mustBe("orders compensated", books.compensated, troubled);
  mustBe("orders stuck", books.stuck, 0);
  findings.push(...books.examples);
  mustBe("partners asked twice under two keys", books.doubled, 0);
  mustBe("dead letters", deadLetters, 0);
  const others = stageNames.filter((name) => name !== redeployed && name !== slowed);
  const harmed = others.filter((name) => {
    const { quiet, disturbed } = books.criticalMs[name];
    const allowed = allowedMs(quiet);
    if (disturbed.p50 <= allowed.p50 && disturbed.p95 <= allowed.p95) return false;
    findings.push(
      `${name} was harmed: p50 / p95 ${timesText(disturbed)} ms, ${timesText(quiet)} ms when quiet; ${timesText(allowed)} ms are allowed`,
    );
    return true;
  });
  for (const { stage, count } of expected) {
    if (books.refused[stage] !== count || count === 0) {
      findings.push(`not exercised: ${stage} refused ${books.refused[stage] ?? 0} of ${count} orders`);
    }
  }
  if (!books.releases["1"] || !books.releases["2"]) {
    findings.push(`not exercised: ${redeployed} was not replaced while orders came`);
  }
  const { quiet, disturbed } = books.criticalMs[slowed];
  if (disturbed.p95 - quiet.p95 < slowFactor) {
    findings.push(
      `not exercised: ${slowed} was not slower (p95 ${disturbed.p95} ms, ${quiet.p95} ms when quiet)`,
    );
  }
  return {
    orders,
    shipped: books.shipped,
    compensated: books.compensated,
    stuck: books.stuck,
    harmToOthers: harmed.length,
    pass: findings.length === 0,
    findings,
    deadLetters,
    doubled: books.doubled,
    again: books.again,
    criticalMs: books.criticalMs,
  };
}

const timesText = ({ p50, p95 }: Times) => `${p50} / ${p95}`;

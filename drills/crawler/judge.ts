import type { AuditReport } from "./audit.ts";
import { callsPerSecond, wayMs } from "./contracts.ts";
import { sites } from "./names.ts";

/** The least of the rate that must be used while there is work. */
export const leastUsed = 0.95;
/** Most writes to the limit for one call. */
export const mostWritesPerCall = 0.15;
/**
 * The last calls are the killed holders', which come back after their visibility timeout: work for fewer than all. The rate
 * used is measured before them.
 */
const tail = 0.1;

export interface CrawlerResult {
  readonly calls: number;
  readonly bans: number;
  readonly maxInAnySecond: number;
  /** Share of the allowed calls that were made, while all crawlers had work. */
  readonly used: number;
  readonly writesPerCall: number;
  /** Holders killed by SIGKILL. */
  readonly kills: number;
  readonly pass: boolean;
  readonly findings: readonly string[];
  readonly pages: number;
  readonly holders: number;
  /** The longest way of a call from its start to the third party. */
  readonly longestWayMs: number;
  readonly deadLetters: number;
}

/** Judges by what the third party saw, and by the dead-letter queues. */
export function judge({
  audit,
  pages,
  kills,
  deadLetters,
}: {
  readonly audit: AuditReport;
  /** Pages that were published. */
  readonly pages: number;
  readonly kills: number;
  readonly deadLetters: number;
}): CrawlerResult {
  const findings: string[] = [];
  const used = usedOf(audit.atMs);
  const writesPerCall = audit.limitWrites / Math.max(1, audit.calls);
  if (audit.pages !== pages) findings.push(`pages fetched: ${audit.pages}, and must be ${pages}`);
  if (audit.bans > 0) findings.push(`bans: ${audit.bans}, and must be 0; ${wayText(audit.longestWayMs)}`);
  if (audit.maxInAnySecond > callsPerSecond) {
    findings.push(`calls in one second: ${audit.maxInAnySecond}, and ${callsPerSecond} are allowed`);
  }
  if (used < leastUsed)
    findings.push(`used: ${percent(used)} of the rate, and ${percent(leastUsed)} are the least`);
  if (writesPerCall > mostWritesPerCall) {
    findings.push(
      `writes to the limit: ${writesPerCall.toFixed(3)} a call, and ${mostWritesPerCall} are the most`,
    );
  }
  if (deadLetters > 0) findings.push(`dead letters: ${deadLetters}, and must be 0`);
  if (kills < 1) findings.push("not exercised: no holder was killed");
  if (audit.holders < sites.length) {
    findings.push(
      `not exercised: ${audit.holders} processes shared the limit, and ${sites.length} are the least`,
    );
  }
  return {
    calls: audit.calls,
    bans: audit.bans,
    maxInAnySecond: audit.maxInAnySecond,
    used: round(used),
    writesPerCall: round(writesPerCall),
    kills,
    pass: findings.length === 0,
    findings,
    pages: audit.pages,
    holders: audit.holders,
    longestWayMs: Math.round(audit.longestWayMs),
    deadLetters,
  };
}

function usedOf(atMs: readonly number[]): number {
  const last = Math.floor((atMs.length - 1) * (1 - tail));
  const [from, to] = [atMs[0], atMs[last]];
  if (from === undefined || to === undefined || to <= from) return 0;
  return (last * 1_000) / (to - from) / callsPerSecond;
}

/** Where a ban comes from: too many starts, or calls that were held up on their way. */
function wayText(longestWayMs: number): string {
  return `a call took up to ${Math.round(longestWayMs)} ms from its start to the third party, and ${wayMs} ms are room for that`;
}

const round = (value: number) => Math.round(value * 1_000) / 1_000;
export const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

import type { LetterSnapshot } from "./letter-snapshot.ts";
import { refusals } from "./names.ts";
import type { PartnerAudit } from "./partner-audit.ts";

/** What a run has shown. */
export interface DeadLettersResult {
  /** Dead letters before anything was sent back, and the groups they fell into. */
  readonly letters: number;
  readonly groups: number;
  /** Letters of the group that was sent back, and how many the killed run had sent. */
  readonly meant: number;
  readonly movedBeforeKill: number;
  /** Of the group: what the partner took exactly once, more than once, and never. */
  readonly once: number;
  readonly twice: number;
  readonly never: number;
  /** Letters of other groups that are not there any more as they were, and parcels of theirs that the partner took. */
  readonly othersTouched: number;
  /** Letters of the group that are still dead. */
  readonly left: number;
  readonly kills: number;
  readonly pass: boolean;
  readonly findings: readonly string[];
}

/** Judges by what the partner has noted, and by what lies in the dead-letter queue before and after. */
export function judge({
  letters,
  kind,
  chosen,
  before,
  after,
  audit,
  movedBeforeKill,
  kills,
}: {
  /** Parcels that were published; parcel n is of kind n % 6. */
  readonly letters: number;
  /** Which kind was sent back, and its group. */
  readonly kind: number;
  readonly chosen: string;
  readonly before: LetterSnapshot;
  readonly after: LetterSnapshot;
  readonly audit: PartnerAudit;
  readonly movedBeforeKill: number;
  readonly kills: number;
}): DeadLettersResult {
  const findings: string[] = [];
  const parcels = Array.from({ length: letters }, (_, parcel) => parcel);
  const meant = parcels.filter((parcel) => parcel % refusals.length === kind);
  const takenOf = (parcel: number) => audit.taken[parcel] ?? 0;
  const found = [...before.values()].reduce((sum, digests) => sum + digests.length, 0);
  const others = [...before].filter(([group]) => group !== chosen);
  const changed = others.reduce((sum, [group, digests]) => {
    const now = new Set(after.get(group));
    return sum + digests.filter((digest) => !now.has(digest)).length;
  }, 0);
  const result = {
    letters: found,
    groups: before.size,
    meant: meant.length,
    movedBeforeKill,
    once: meant.filter((parcel) => takenOf(parcel) === 1).length,
    twice: meant.filter((parcel) => takenOf(parcel) > 1).length,
    never: meant.filter((parcel) => takenOf(parcel) === 0).length,
    othersTouched:
      changed + parcels.filter((parcel) => !meant.includes(parcel) && takenOf(parcel) > 0).length,
    left: after.get(chosen)?.length ?? 0,
    kills,
  };
  const expect = (what: string, value: number, wanted: number) => {
    if (value !== wanted) findings.push(`${what}: ${value}, and must be ${wanted}`);
  };
  expect("dead letters at the beginning", result.letters, letters);
  expect("groups", result.groups, refusals.length);
  expect("taken exactly once", result.once, meant.length);
  expect("taken more than once", result.twice, 0);
  expect("never taken", result.never, 0);
  expect("letters of other groups that were touched", result.othersTouched, 0);
  expect("letters of the group that are left", result.left, 0);
  if (kills < 1 || movedBeforeKill < 1 || movedBeforeKill >= meant.length) {
    findings.push(
      `not exercised: ${kills} runs were killed, the first after ${movedBeforeKill} of ${meant.length}`,
    );
  }
  return { ...result, pass: findings.length === 0, findings };
}

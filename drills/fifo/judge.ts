import type { BookAudit } from "./book-audit.ts";
import { poisonStep, type Sizes } from "./poison-step.ts";

/** What a run has shown. */
export interface FifoResult extends Sizes {
  /** Groups whose steps stand in another order than they were published, at any moment. */
  readonly outOfOrder: number;
  /** Groups without poison that lack a step while others were parked, or have one from nowhere. */
  readonly harmed: number;
  /** Groups with poison that waited behind it, and are whole in the end. */
  readonly released: number;
  /** Processes killed with SIGKILL while groups were released: functions, and the command. One killed later is none. */
  readonly kills: number;
  readonly pass: boolean;
  readonly findings: readonly string[];
  /** Groups that were parked before the release. */
  readonly parked: number;
  /** Steps that stand twice: those that ran when their process was killed. */
  readonly repeated: number;
}

/** Judges by what stands in the book before and after the release, and by the markers that were there between. */
export function judge({
  sizes,
  before,
  after,
  parked,
  functionKills,
  commandKills,
}: {
  readonly sizes: Sizes;
  /** The book when all but the parked groups was handled. */
  readonly before: BookAudit;
  readonly after: BookAudit;
  readonly parked: number;
  /** One for each function killed: how many steps of the groups with poison stood in the book right before it. */
  readonly functionKills: readonly number[];
  /** The same of the command. */
  readonly commandKills: readonly number[];
}): FifoResult {
  const { groups, events, poison } = sizes;
  const findings: string[] = [];
  const all = Array.from({ length: groups }, (_, index) => index);
  const stepsOf = (book: BookAudit, index: number) => book[index] ?? [];
  const upTo = (count: number) => Array.from({ length: count }, (_, step) => step);
  const sick = all.filter((index) => poisonStep(index, sizes) !== undefined);
  const well = all.filter((index) => poisonStep(index, sizes) === undefined);
  const waited = (index: number) =>
    isEqual(once(stepsOf(before, index)), upTo(poisonStep(index, sizes) ?? events));
  const isWhole = (index: number) => isEqual(once(stepsOf(after, index)), upTo(events));
  // After the last step there is nothing left that a kill could break.
  const inTime = (kills: readonly number[]) => kills.filter((written) => written < poison * events).length;
  const [functions, commands] = [inTime(functionKills), inTime(commandKills)];
  const result = {
    groups,
    events,
    poison,
    outOfOrder: all.filter((index) => !isAscending(stepsOf(after, index))).length,
    harmed: well.filter((index) => !waited(index) || !isWhole(index)).length,
    released: sick.filter((index) => waited(index) && isWhole(index)).length,
    kills: functions + commands,
    parked,
    repeated: all.reduce(
      (sum, index) => sum + stepsOf(after, index).length - once(stepsOf(after, index)).length,
      0,
    ),
  };
  const expect = (what: string, value: number, wanted: number) => {
    if (value !== wanted) findings.push(`${what}: ${value}, and must be ${wanted}`);
  };
  expect("groups parked before the release", parked, poison);
  expect("groups out of order", result.outOfOrder, 0);
  expect("groups without poison that were harmed", result.harmed, 0);
  expect("groups with poison that waited, and are whole", result.released, poison);
  if (poison < 1 || functions < 1 || commands < 1) {
    findings.push(
      `not exercised: ${poison} groups with poison; ${functions} functions and ${commands} commands killed while releasing`,
    );
  }
  return { ...result, pass: findings.length === 0, findings };
}

/** A step may stand twice, where its process was killed; none may stand before one that came earlier. */
function isAscending(steps: readonly number[]): boolean {
  return steps.every((step, at) => at === 0 || step >= (steps[at - 1] as number));
}

function once(steps: readonly number[]): readonly number[] {
  return [...new Set(steps)];
}

function isEqual(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((step, at) => step === other[at]);
}

import type { ConsumerName } from "./names.ts";
import type { Noted, Witnessed } from "./witnessed.ts";

/** What a run has shown. */
export interface ReplayResult {
  readonly archived: number;
  /** Orders of the day, as SQL counts them. */
  readonly selected: number;
  /** Of these, the ones that Points has handled once more, once. */
  readonly replayed: number;
  /** The same of the selection by SQL and of the one by offset, after all three. */
  readonly large: number;
  readonly byOffset: number;
  /** Runs that nobody asked for: of orders that were not selected, of the other consumer, or one too many. */
  readonly strays: number;
  /** Runs that should have been, and were not. */
  readonly missing: number;
  /** Replays that were killed, and after how many of the day's orders. */
  readonly kills: number;
  readonly sentBeforeKill: number;
  /** At which rate the day's orders were handled, without the time between kill and resumption. */
  readonly ratePerSecond: number;
  readonly pass: boolean;
  readonly findings: readonly string[];
}

/** The orders that each of the three replays was to run. */
export interface Selected {
  readonly day: readonly string[];
  readonly large: readonly string[];
  readonly byOffset: readonly string[];
}

/** A pause in a replay is no part of its pace. */
const pauseMs = 3_000;
const rateTolerance = 0.1;

/** Judges by what a separate process has read: before the replays, after the day's orders, and after all three. */
export function judge({
  published,
  selected,
  before,
  afterDay,
  after,
  rate,
  kills,
  sentBeforeKill,
}: {
  /** Ids of the orders that were published. */
  readonly published: readonly string[];
  readonly selected: Selected;
  readonly before: Witnessed;
  readonly afterDay: Witnessed;
  readonly after: Witnessed;
  readonly rate: number;
  readonly kills: number;
  readonly sentBeforeKill: number;
}): ReplayResult {
  const findings: string[] = [];
  const expect = (what: string, value: number, wanted: number) => {
    if (value !== wanted) findings.push(`${what}: ${value}, and must be ${wanted}`);
  };
  const runs = { before: runsIn(before), afterDay: runsIn(afterDay), after: runsIn(after) };
  const wanted = countsOf(published, selected.day, selected.large, selected.byOffset);
  const points = difference(runs.after.Points, wanted);
  const stock = difference(runs.after.Stock, countsOf(published));
  const afterDayDifference = difference(runs.afterDay.Points, countsOf(published, selected.day));
  const isOnce = (from: Runs, to: Runs) => (id: string) => (to.get(id) ?? 0) - (from.get(id) ?? 0) === 1;
  const replayedAtMs = timesOf(before.effects.Points, afterDay.effects.Points);
  const result = {
    archived: new Set(before.archived.map(([id]) => id)).size,
    selected: selected.day.length,
    replayed: selected.day.filter(isOnce(runs.before.Points, runs.afterDay.Points)).length,
    large: selected.large.length,
    byOffset: selected.byOffset.length,
    strays: points.more + stock.more + afterDayDifference.more,
    missing: points.less + stock.less,
    kills,
    sentBeforeKill,
    ratePerSecond: Number(paceOf(replayedAtMs).toFixed(2)),
  };
  expect("archived orders", result.archived, published.length);
  for (const name of ["Points", "Stock"] as const) {
    const { more, less } = difference(runs.before[name], countsOf(published));
    expect(`effects of ${name} before the replays, too many`, more, 0);
    expect(`effects of ${name} before the replays, too few`, less, 0);
  }
  expect("orders of the day that were handled once more", result.replayed, result.selected);
  expect("strays", result.strays, 0);
  expect("missing", result.missing, 0);
  if (Math.abs(result.ratePerSecond - rate) > rate * rateTolerance) {
    findings.push(`rate: ${result.ratePerSecond}/s, and must be ${rate}/s, a tenth more or less`);
  }
  for (const [what, ids] of Object.entries(selected)) {
    if (ids.length === 0) findings.push(`not exercised: the selection "${what}" is empty`);
  }
  if (kills < 1 || sentBeforeKill < 1 || sentBeforeKill >= result.selected) {
    findings.push(
      `not exercised: ${kills} replays were killed, after ${sentBeforeKill} of ${result.selected}`,
    );
  }
  return { ...result, pass: findings.length === 0, findings };
}

type Runs = ReadonlyMap<string, number>;

function runsIn({ effects }: Witnessed): Readonly<Record<ConsumerName, Runs>> {
  const of = (noted: readonly Noted[]) => countsOf(noted.map(({ orderId }) => orderId));
  return { Points: of(effects.Points), Stock: of(effects.Stock) };
}

function countsOf(...lists: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const ids of lists) for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function difference(found: Runs, wanted: Runs): { readonly more: number; readonly less: number } {
  let [more, less] = [0, 0];
  for (const id of new Set([...found.keys(), ...wanted.keys()])) {
    const by = (found.get(id) ?? 0) - (wanted.get(id) ?? 0);
    if (by > 0) more += by;
    else less -= by;
  }
  return { more, less };
}

/** When the effects were noted that came between. */
function timesOf(before: readonly Noted[], after: readonly Noted[]): readonly number[] {
  const lastMs = before.reduce((last, { atMs }) => Math.max(last, atMs), 0);
  return after.flatMap(({ atMs }) => (atMs > lastMs ? [atMs] : [])).sort((one, other) => one - other);
}

/** So many a second, pauses left out: what comes at one moment is the end of the time before it. */
function paceOf(atMs: readonly number[]): number {
  let ms = 0;
  let counted = 0;
  for (let index = 1; index < atMs.length; index++) {
    const gapMs = (atMs[index] ?? 0) - (atMs[index - 1] ?? 0);
    if (gapMs > pauseMs) continue;
    ms += gapMs;
    counted++;
  }
  return ms === 0 ? 0 : (counted * 1_000) / ms;
}

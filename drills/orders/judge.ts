import { type ConsumerName, consumers } from "./consumers.ts";
import type { ControlTotals } from "./control.ts";
import { expectedReasons } from "./poison.ts";
import type { Witnessed } from "./witnessed.ts";

/** What a full run under chaos must have lived through; fewer kills prove nothing. */
export const killsOfFullRun = 20;

/** Most messages whose outcome one killed handler process can take with it untold. */
const batchSize = 10;

/** All that a verdict rests on: what a separate process read back, and what the run says of itself. */
export interface Evidence extends Witnessed {
  readonly control: ControlTotals;
  /** What was published, as the publisher counted it. */
  readonly published: { readonly orders: number; readonly duplicates: number; readonly poison: number };
  /** Duplicates that each consumer says it has suppressed. */
  readonly suppressed: Readonly<Record<ConsumerName, number>>;
  /** Handler processes killed; `undefined` when none were to be. */
  readonly kills: number | undefined;
  /** The same of those that keep what was published and completed. */
  readonly keeperKills: number | undefined;
  /** Whether every order of the file was to be published. */
  readonly full: boolean;
}

/** Everything that does not agree, one sentence each; empty when all agrees. */
export function judge({
  control,
  published,
  readings,
  kept,
  suppressed,
  kills,
  keeperKills,
  full,
}: Evidence): string[] {
  const findings: string[] = [];
  const expect = (what: string, found: number, wanted: number) => {
    if (found !== wanted) findings.push(`${what}: ${found}, and must be ${wanted}`);
  };

  expect("published orders", published.orders, control.orders);
  const wantedReasons = expectedReasons(published.poison);
  for (const { name, control: field, unit } of consumers) {
    const reading = readings[name];
    expect(`${name}: effects`, reading.handled, control.orders);
    expect(`${name}: ${unit}`, reading.total, control[field]);
    expect(`${name}: dead letters`, reading.deadLetters, published.poison);
    for (const reason of new Set([...Object.keys(wantedReasons), ...Object.keys(reading.reasons)])) {
      expect(`${name}: dead letters for ${reason}`, reading.reasons[reason] ?? 0, wantedReasons[reason] ?? 0);
    }
    const leastSuppressed = published.duplicates - batchSize * (kills ?? 0);
    if (suppressed[name] < leastSuppressed) {
      findings.push(
        `${name}: not exercised: ${suppressed[name]} duplicates suppressed of ${published.duplicates} published`,
      );
    }
  }
  expect("archive: orders", kept.orders, control.orders);
  expect("archive: cents", kept.cents, control.cents);
  for (const { name } of consumers) {
    expect(`journal: completed by ${name}`, kept.completed[name], control.orders);
  }
  const leastKills = full ? killsOfFullRun : 1;
  for (const [what, count] of [
    ["handler", kills],
    ["archive", keeperKills],
  ] as const) {
    if (count === undefined || count >= leastKills) continue;
    findings.push(`chaos: not exercised: ${count} ${what} processes killed, and ${leastKills} are the least`);
  }
  return findings;
}

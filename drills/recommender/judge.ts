import { countOfShare } from "../frame/index.ts";
import type { Control } from "./control.ts";
import type { Readings } from "./readings.ts";

/** Share of the orders that the order service sends twice. */
export const shareSentTwice = 0.05;

/** What a full run must have lived through; fewer kills prove nothing. */
export const killsOfFullRun = 20;

/** Most messages whose outcome one killed process can take with it untold. */
const batchSize = 10;

/** All that a verdict rests on. */
export interface Evidence {
  readonly control: Control;
  /** What was published, as the order service counted it. */
  readonly published: { readonly orders: number; readonly duplicates: number };
  /** What a separate process read back. */
  readonly readings: Readings;
  /** Duplicates that the consumer says it has suppressed. */
  readonly suppressed: number;
  /** Python processes killed. */
  readonly kills: number;
  /** Whether every order of the file was to be published. */
  readonly full: boolean;
}

/** Everything that does not agree, one sentence each; empty when all agrees. */
export function judge({ control, published, readings, suppressed, kills, full }: Evidence): string[] {
  const findings: string[] = [];
  const expect = (what: string, found: number | string, wanted: number | string) => {
    if (found !== wanted) findings.push(`${what}: ${found}, and must be ${wanted}`);
  };
  expect("published orders", published.orders, control.orders);
  expect("orders sent twice", published.duplicates, countOfShare(control.orders, shareSentTwice));
  expect("customers", readings.customers, control.customers);
  expect("orders counted", readings.handled, control.orders);
  expect("effects", readings.effects, control.orders);
  expect("cents", readings.cents, control.cents);
  expect("digest of all customers' recency, frequency and money", readings.digest, control.digest);
  expect("dead letters", readings.deadLetters, 0);
  if (suppressed < published.duplicates - batchSize * kills) {
    findings.push(
      `not exercised: ${suppressed} duplicates suppressed of ${published.duplicates} that were published`,
    );
  }
  const leastKills = full ? killsOfFullRun : 1;
  if (kills < leastKills) {
    findings.push(`not exercised: ${kills} Python processes killed, and ${leastKills} are the least`);
  }
  return findings;
}

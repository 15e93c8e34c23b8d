import { seededChance } from "../frame/chance.ts";
import { bookPoints, tellPoints } from "./crash-points.ts";

/** Few enough that transfers meet at an account, and transactions conflict. */
export const accounts = 500;

/** Of so many transfers in a row, one is where a process dies, first of `Book`, then of `Tell`. */
export const crashEvery = 30;

/** One transfer, with where its first run dies, if it does. */
export interface Transfer {
  readonly index: number;
  readonly from: string;
  readonly to: string;
  readonly cents: number;
  readonly crash?: string;
}

/** The transfer of a number: always the same. */
export function transferOf(index: number): Transfer {
  const chance = seededChance(index + 1);
  const from = Math.floor(chance() * accounts);
  const to = (from + 1 + Math.floor(chance() * (accounts - 1))) % accounts;
  const cents = 1 + Math.floor(chance() * 100_000);
  const transfer = { index, from: accountOf(from), to: accountOf(to), cents };
  if (index % crashEvery !== crashEvery - 1) return transfer;
  const turn = Math.floor(index / crashEvery);
  const points = turn % 2 === 0 ? bookPoints : tellPoints;
  return { ...transfer, crash: points[Math.floor(turn / 2) % points.length] as string };
}

/** What all of `count` transfers come to. */
export function controlOf(count: number): {
  readonly cents: number;
  readonly balances: ReadonlyMap<string, number>;
} {
  const balances = new Map<string, number>();
  let all = 0;
  for (let index = 0; index < count; index++) {
    const { from, to, cents } = transferOf(index);
    balances.set(from, (balances.get(from) ?? 0) - cents);
    balances.set(to, (balances.get(to) ?? 0) + cents);
    all += cents;
  }
  return { cents: all, balances };
}

function accountOf(number: number): string {
  return `account-${number}`;
}

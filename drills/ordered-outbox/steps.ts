import { orderOf } from "../outbox/order-of.ts";

/** One step of an account: all of it follows from its number and the number of accounts. */
export interface Step {
  readonly order: number;
  readonly account: string;
  /** Its place among the steps of its account that stand. One that is rolled back gives its place to the next. */
  readonly sequence: number;
  readonly cents: number;
  readonly isRolledBack: boolean;
}

/** One account in so many has a step that the topic refuses until somebody heals it. */
const poisonedEvery = 20;

/** The steps of `placed` orders, account after account in turn. */
export function stepsOf(placed: number, accounts: number): readonly Step[] {
  const standing = new Map<number, number>();
  return Array.from({ length: placed }, (_, number) => {
    const { order, cents, isRolledBack } = orderOf(number);
    const account = number % accounts;
    const before = standing.get(account) ?? 0;
    if (!isRolledBack) standing.set(account, before + 1);
    return { order, account: `account-${account}`, sequence: before + 1, cents, isRolledBack };
  });
}

/** The sequence of an account's poison; `undefined`: it has none. */
export function poisonOf(account: string): number | undefined {
  const number = Number(account.slice("account-".length));
  return number % poisonedEvery === poisonedEvery - 1 ? 2 + (number % 3) : undefined;
}

/** Event ids name account and sequence, so that whoever refuses one need not read it. */
export function idOf({ account, sequence }: Pick<Step, "account" | "sequence">): string {
  return `${account}/${sequence}`;
}

/** Whether an event is poison until it is healed. */
export function isPoison(id: string): boolean {
  const [account = "", sequence] = id.split("/");
  return poisonOf(account) === Number(sequence);
}

/** What has to stand in the end: of each account how many steps, and what they come to. */
export function controlOf(steps: readonly Step[]): ReadonlyMap<string, { steps: number; cents: number }> {
  const control = new Map<string, { steps: number; cents: number }>();
  for (const { account, cents, isRolledBack } of steps) {
    if (isRolledBack) continue;
    const one = control.get(account) ?? { steps: 0, cents: 0 };
    control.set(account, { steps: one.steps + 1, cents: one.cents + cents });
  }
  return control;
}

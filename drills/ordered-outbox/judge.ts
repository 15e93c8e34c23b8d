import type { Account, Readings } from "./readings.ts";
import { controlOf, poisonOf, stepsOf } from "./steps.ts";

/** What a run has shown. */
export interface OrderedOutboxResult {
  /** Orders that stand in the bank's table, that were rolled back on purpose, and the accounts that they belong to. */
  readonly orders: number;
  readonly rolledBack: number;
  readonly accounts: number;
  /** Orders that the consumer has not booked, and bookings of orders that do not stand. */
  readonly lost: number;
  readonly ghosts: number;
  /** Events that came to the consumer out of their turn. */
  readonly outOfOrder: number;
  /** Accounts that waited behind poison, that were then released, and that waited without poison of their own. */
  readonly parked: number;
  readonly released: number;
  readonly harmed: number;
  /** SIGKILLs, each at a crash point. */
  readonly kills: number;
  readonly writerKills: number;
  readonly relayKills: number;
  /** What the orders cost; and by how much the book differs. */
  readonly cents: number;
  readonly centsOff: number;
  /** From written to booked, of all that was booked before anything was released. */
  readonly lagP50Ms: number;
  readonly lagP99Ms: number;
  readonly pass: boolean;
  readonly findings: readonly string[];
}

const nothing: Account = { steps: 0, cents: 0 };

/** Judges by what another process has read back, when poison was all that stood and when nothing did. */
export function judge({
  placed,
  accounts,
  promised,
  writerKills,
  relayKills,
  standing,
  released,
  before,
  after,
}: {
  readonly placed: number;
  readonly accounts: number;
  /** How often writer and relay were to be killed, each. */
  readonly promised: number;
  readonly writerKills: number;
  readonly relayKills: number;
  /** What `bus outbox list` told: kind and key. */
  readonly standing: readonly string[];
  /** Keys that `bus outbox release` released. */
  readonly released: readonly string[];
  readonly before: Readings;
  readonly after: Readings;
}): OrderedOutboxResult {
  const findings: string[] = [];
  const mustBe = (what: string, value: number | string, wanted: number | string) => {
    if (value !== wanted) findings.push(`${what}: ${value}, and must be ${wanted}`);
  };
  const control = controlOf(stepsOf(placed, accounts));
  const names = [...control.keys()];
  const of = (book: Readonly<Record<string, Account>>, name: string) => book[name] ?? nothing;
  const sum = (value: (name: string) => number, over: readonly string[] = names) =>
    over.reduce((total, name) => total + value(name), 0);

  mustBe(
    "orders that stand",
    sum((name) => of(after.written, name).steps),
    sum((name) => control.get(name)?.steps ?? 0),
  );
  mustBe(
    "their cents",
    sum((name) => of(after.written, name).cents),
    sum((name) => control.get(name)?.cents ?? 0),
  );
  const gap = (name: string) => of(after.written, name).steps - of(after.booked, name).steps;
  const unknown = Object.keys(after.booked).filter((name) => !control.has(name));
  const lost = sum((name) => Math.max(0, gap(name)));
  const ghosts =
    sum((name) => Math.max(0, -gap(name))) + sum((name) => of(after.booked, name).steps, unknown);
  const centsOff = sum((name) => Math.abs(of(after.written, name).cents - of(after.booked, name).cents));
  mustBe("lost", lost, 0);
  mustBe("ghosts", ghosts, 0);
  mustBe("cents that the book is off", centsOff, 0);
  mustBe("out of order", after.outOfTurn.length, 0);
  mustBe("rows left in the outbox", after.left, 0);
  mustBe("dead letters", after.deadLetters, 0);

  const poisoned = names.filter((name) => {
    const sequence = poisonOf(name);
    return sequence !== undefined && sequence <= (control.get(name)?.steps ?? 0);
  });
  const others = names.filter((name) => !poisoned.includes(name));
  const harmed = others.filter((name) => of(before.booked, name).steps !== control.get(name)?.steps).length;
  mustBe("accounts that waited without poison of their own", harmed, 0);
  const keyed = (keys: readonly string[]) => [...keys].sort().join(" ");
  mustBe("what stood", keyed(standing), keyed(poisoned.map((name) => `parked ${name}`)));
  const early = poisoned.filter((name) => of(before.booked, name).steps !== (poisonOf(name) ?? 0) - 1);
  mustBe("accounts that did not stand right before their poison", keyed(early), "");
  mustBe("what was released", keyed(released), keyed(poisoned));
  if (poisoned.length === 0) findings.push("not exercised: no account had poison");
  const exercised = (what: string, value: number) => {
    if (value < promised) findings.push(`not exercised: ${what} was killed ${value} times, not ${promised}`);
  };
  exercised("the writer", writerKills);
  exercised("the relay", relayKills);
  const orders = sum((name) => of(after.written, name).steps);
  return {
    ...{ orders, rolledBack: placed - orders, accounts: names.length },
    ...{ lost, ghosts, outOfOrder: after.outOfTurn.length },
    ...{ parked: standing.length, released: released.length, harmed },
    ...{ kills: writerKills + relayKills, writerKills, relayKills },
    ...{ cents: sum((name) => of(after.written, name).cents), centsOff },
    ...{ lagP50Ms: before.lagP50Ms, lagP99Ms: before.lagP99Ms },
    pass: findings.length === 0,
    findings,
  };
}

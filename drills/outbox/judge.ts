import { consumers } from "./names.ts";
import { controlOf } from "./order-of.ts";
import type { Readings } from "./readings.ts";

/** What a run has shown. */
export interface OutboxResult {
  /** Orders that stand in the shop's table, and that were rolled back on purpose. */
  readonly orders: number;
  readonly rolledBack: number;
  /** Orders that a consumer has not heard of, and events of orders that do not stand: over all consumers. */
  readonly lost: number;
  readonly ghosts: number;
  readonly twice: number;
  /** SIGKILLs, each at a crash point. */
  readonly kills: number;
  readonly writerKills: number;
  readonly relayKills: number;
  /** Events that reached consumers a second time, and were known. */
  readonly repeats: number;
  /** What the orders cost; and by how much a consumer's total differs. */
  readonly cents: number;
  readonly centsOff: number;
  /** From written to handled. */
  readonly lagP50Ms: number;
  readonly lagP99Ms: number;
  readonly pass: boolean;
  readonly findings: readonly string[];
}

/** Judges by what another process has read back. */
export function judge({
  placed,
  promised,
  writerKills,
  relayKills,
  repeats,
  readings,
}: {
  readonly placed: number;
  /** How often writer and relay were to be killed, each. */
  readonly promised: number;
  readonly writerKills: number;
  readonly relayKills: number;
  readonly repeats: number;
  readonly readings: Readings;
}): OutboxResult {
  const findings: string[] = [];
  const control = controlOf(placed);
  const effects = consumers.map(({ name }) => readings.effects[name]);
  const sum = (of: (one: (typeof effects)[number]) => number) =>
    effects.reduce((total, one) => total + of(one), 0);
  const lost = sum((one) => one.lost);
  const ghosts = sum((one) => one.ghosts);
  const twice = sum((one) => one.twice);
  const centsOff = sum(({ cents }) => Math.abs(cents - readings.cents));
  const mustBe = (what: string, value: number, wanted: number) => {
    if (value !== wanted) findings.push(`${what}: ${value}, and must be ${wanted}`);
  };
  mustBe("orders that stand", readings.orders, control.orders);
  mustBe("their cents", readings.cents, control.cents);
  mustBe("lost", lost, 0);
  mustBe("ghosts", ghosts, 0);
  mustBe("handled twice", twice, 0);
  mustBe("cents that consumers are off", centsOff, 0);
  mustBe("rows left in the outbox", readings.left, 0);
  mustBe("dead letters", readings.deadLetters, 0);
  const exercised = (what: string, value: number) => {
    if (value < promised) findings.push(`not exercised: ${what} was killed ${value} times, not ${promised}`);
  };
  exercised("the writer", writerKills);
  exercised("the relay", relayKills);
  return {
    orders: readings.orders,
    rolledBack: placed - control.orders,
    ...{ lost, ghosts, twice },
    kills: writerKills + relayKills,
    ...{ writerKills, relayKills, repeats },
    ...{ cents: readings.cents, centsOff },
    lagP50Ms: readings.lagP50Ms,
    lagP99Ms: readings.lagP99Ms,
    pass: findings.length === 0,
    findings,
  };
}

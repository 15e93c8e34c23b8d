import { type ConsumerName, consumers } from "./names.ts";
import type { Witnessed } from "./witnessed.ts";

/** An order as it was published. Its id is the event's, too. */
export interface PublishedOrder {
  readonly orderId: string;
  readonly cds: number;
  readonly cents: number;
}

/** A difference as reconciliation has it. */
export interface FoundDifference {
  readonly class: string;
  readonly orderId: string;
}

export type ByConsumer<Value> = Readonly<Record<ConsumerName, Value>>;

/** What a run has shown. */
export interface DeliveryResult {
  readonly published: number;
  readonly archived: number;
  /** Orders that each consumer was to get and had no effect of, before anything was sent again. */
  readonly gaps: ByConsumer<number>;
  /** Differences: what was lost on the way to a consumer, and what a consumer has handled and the archive has not got. */
  readonly found: number;
  /** Of what was lost: not found. Of what was found: not lost; or lost in another way than its class says. */
  readonly missed: number;
  readonly falseAlarms: number;
  readonly misclassified: number;
  /** Events sent again, and those of them that reached somebody whom they were not for, or were published anew. */
  readonly sent: number;
  readonly strays: number;
  /** Orders that have no effect at the end. */
  readonly left: number;
  /** Each consumer's effects are the orders it was to get, each once, to the cent. */
  readonly totalsAgree: boolean;
  /** Differences that are open after the repair and one more run, but for what only the archive lacks. */
  readonly foundAgain: number;
  readonly pass: boolean;
  readonly findings: readonly string[];
}

/** All that a verdict rests on. */
export interface Evidence {
  readonly published: readonly PublishedOrder[];
  /** Before anything was sent again, and at the end. */
  readonly before: Witnessed;
  readonly after: Witnessed;
  readonly found: ByConsumer<readonly FoundDifference[]>;
  /** What is open at the end. */
  readonly foundLater: ByConsumer<readonly FoundDifference[]>;
  readonly sent: number;
  /** Events that consumers got though they had handled them: after the repair, as they say. */
  readonly repeated: number;
}

/** Judges by effects and archive, as another process read them, what reconciliation has said of them. */
export function judge({
  published,
  before,
  after,
  found,
  foundLater,
  sent,
  repeated,
}: Evidence): DeliveryResult {
  const findings: string[] = [];
  const expect = (what: string, value: number, wanted: number) => {
    if (value !== wanted) findings.push(`${what}: ${value}, and must be ${wanted}`);
  };
  const archived = new Set(before.archived);
  let [missed, falseAlarms, misclassified, left, strays, foundAgain] = [0, 0, 0, 0, 0, 0];
  let [all, meant, totalsAgree] = [0, 0, true];
  const gaps: Record<string, number> = {};
  const notArchived: Record<string, number> = {};

  for (const { name, wants } of consumers) {
    const wanted = published.filter(wants);
    const done = new Set(before.effects[name].map(({ orderId }) => orderId));
    const lost = wanted.filter(({ orderId }) => !done.has(orderId)).map(({ orderId }) => orderId);
    const truth = new Map([
      ...lost.filter((id) => archived.has(id)).map((id) => [id, "missing-right"] as const),
      ...[...done].filter((id) => !archived.has(id)).map((id) => [id, "missing-left"] as const),
    ]);
    gaps[name] = lost.length;
    meant += lost.length;
    notArchived[name] = [...truth.values()].filter((as) => as === "missing-left").length;

    const told = new Map(found[name].map(({ orderId, class: as }) => [orderId, as]));
    all += found[name].length;
    falseAlarms += found[name].length - told.size;
    for (const [id, as] of told) {
      const right = truth.get(id);
      if (right === undefined) falseAlarms++;
      else if (right !== as) misclassified++;
    }
    missed += [...truth.keys()].filter((id) => !told.has(id)).length;

    // What the archive has not got stays open until a person has seen it.
    const stays = ({ orderId, class: as }: FoundDifference) =>
      as === "missing-left" && told.get(orderId) === as;
    foundAgain += foundLater[name].filter((one) => !stays(one)).length;

    const now = after.effects[name];
    const ids = new Set(now.map(({ orderId }) => orderId));
    const mine = new Set(wanted.map(({ orderId }) => orderId));
    left += wanted.filter(({ orderId }) => !ids.has(orderId)).length;
    strays += [...ids].filter((id) => !mine.has(id)).length;
    const centsOf = (orders: readonly { readonly cents: number }[]) =>
      orders.reduce((sum, { cents }) => sum + cents, 0);
    if (now.length !== wanted.length || centsOf(now) !== centsOf(wanted)) totalsAgree = false;
    if (lost.length === 0) findings.push(`not exercised: ${name} has lost nothing`);
    if (notArchived[name] === 0) findings.push(`not exercised: the archive has all that ${name} has handled`);
  }
  // What is sent to one queue is published to nobody: neither the archive nor another consumer gets it.
  strays += after.archived.length - before.archived.length + repeated;

  expect("lost and not found", missed, 0);
  expect("false alarms", falseAlarms, 0);
  expect("of a wrong class", misclassified, 0);
  expect("sent again", sent, meant);
  expect("strays", strays, 0);
  expect("missing at the end", left, 0);
  expect("found by another run", foundAgain, 0);
  if (!totalsAgree) findings.push("the effects do not add up to what was published");
  return {
    published: published.length,
    archived: archived.size,
    gaps: gaps as DeliveryResult["gaps"],
    ...{ found: all, missed, falseAlarms, misclassified, sent, strays, left, totalsAgree, foundAgain },
    pass: findings.length === 0,
    findings,
  };
}

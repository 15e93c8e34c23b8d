import { describe, expect, it } from "@jest/globals";
import { stepWritten } from "../../../drills/ordered-outbox/contracts.ts";
import { judge } from "../../../drills/ordered-outbox/judge.ts";
import type { Account, Readings } from "../../../drills/ordered-outbox/readings.ts";
import { idOf, isPoison, type Step, stepsOf } from "../../../drills/ordered-outbox/steps.ts";
import { placedFor } from "../../../drills/outbox/order-of.ts";
import { lookAtOutbox, releaseStanding } from "../../../ops/outbox/index.ts";
import type { OutboxStore, StreamRecord } from "../../../src/outbox/index.ts";
import { mortality } from "../../helpers/mortal.ts";
import { outboxWorld, relaySettings } from "../../helpers/outbox-world.ts";

const placed = placedFor(400);
const accounts = 40;
const promised = 10;
const batchSize = 20;
const { graceMs } = relaySettings;
const topicArn = "arn:aws:sns:us-east-1:000000000000:shop-steps.fifo";
/** Longer than the grace and than what a relay that died holds. */
const longMs = graceMs + 60_001;

/** Adds up accounts in the order in which their steps come; one that is not the next is out of its turn. */
function bookOf(steps: Iterable<Pick<Step, "account" | "sequence" | "cents">>) {
  const accounts: Record<string, Account> = {};
  const outOfTurn: string[] = [];
  for (const { account, sequence, cents } of steps) {
    const before = accounts[account] ?? { steps: 0, cents: 0 };
    // An ordered topic and a ledger know what came again.
    if (sequence <= before.steps) continue;
    if (sequence === before.steps + 1) accounts[account] = { steps: sequence, cents: before.cents + cents };
    else outOfTurn.push(`${account}/${sequence}`);
  }
  return { accounts, outOfTurn };
}

/** The drill in memory and virtual time; `spoil` makes a store of the relays' that is wrong. */
async function play({ spoil = (store: OutboxStore) => store } = {}) {
  let isHealed = false;
  const world = outboxWorld({
    seed: 23,
    onMessage: ({ id }) =>
      isPoison(id) && !isHealed
        ? { ok: false, code: "InvalidParameter", message: "poison", retryable: false }
        : undefined,
  });
  const dies = (share: number) => () => {
    if (world.clock.random() >= share) return "lives" as const;
    return world.clock.random() < 0.5 ? ("dies-before" as const) : ("dies-after" as const);
  };
  const steps = stepsOf(placed, accounts);
  const standing: Step[] = [];
  const records: StreamRecord[] = [];

  const writers = mortality(dies(0.04));
  /** One transaction: the step and its row, or neither. */
  const commit = async (step: Step) => {
    const { order, account, sequence, cents } = step;
    const data = { order, account, sequence, cents, writtenMs: world.clock.nowMs() };
    const writes = await world.outbox.add(stepWritten, data, { id: idOf(step), order: account, sequence });
    if (step.isRolledBack || !world.store.transact(writes)) return;
    standing.push(step);
    const NewImage = writes[0]?.Put?.Item ?? {};
    records.push({ eventName: "INSERT", dynamodb: { SequenceNumber: String(order), NewImage } });
  };
  let next = 0;
  for (let writer = writers.process(); next < placed; writer = writers.process()) {
    const work = async () => {
      // From where the last one had said that all is written, and a little before.
      for (next = Math.max(0, next - 3); next < placed; next++) {
        await writer.step(() => commit(steps[next] as Step));
      }
    };
    await writer.run(work());
  }

  const relays = mortality(dies(0.06));
  const mortalRelay = () => {
    const relay = relays.process();
    const handler = world.process({
      store: relay.wrap(spoil(world.store)),
      topics: relay.wrap(world.topics),
    });
    return (event: object) =>
      world.clock.until(relay.run(handler(event, { getRemainingTimeInMillis: () => 300_000 })));
  };
  for (let from = 0; from < records.length; from += batchSize) {
    // Records come in any order, and some twice.
    const batch = records.slice(Math.max(0, from - 5), from + batchSize);
    await mortalRelay()({ Records: batch.sort(() => world.clock.random() - 0.5) });
  }
  for (let sweeps = 0; sweeps < 4; sweeps++) {
    await world.clock.advance(longMs);
    await mortalRelay()({});
  }
  await world.clock.advance(longMs);
  await world.sweep();

  const look = () => lookAtOutbox(world.store, { graceMs, nowMs: world.clock.nowMs() });
  const read = (): Readings => {
    const taken = world.topics
      .taken(topicArn)
      .map(({ body }) => (JSON.parse(body) as { readonly data: Step }).data);
    const { accounts: booked, outOfTurn } = bookOf(taken);
    return {
      ...{ written: bookOf(standing).accounts, booked, outOfTurn, left: world.store.waiting },
      ...{ deadLetters: 0, lagP50Ms: 0, lagP99Ms: 0 },
    };
  };
  const before = read();
  const stood = await look();
  isHealed = true;
  const mended = await releaseStanding(world.store, stood, { skipMissing: false });
  await world.sweep();
  const repeats = world.topics.taken(topicArn).length - standing.length;
  const result = judge({
    ...{ placed, accounts, promised, writerKills: writers.deaths, relayKills: relays.deaths },
    standing: stood.map(({ kind, name }) => `${kind} ${name}`),
    released: mended.flatMap(({ name, status }) => (status === "released" ? [name] : [])),
    ...{ before, after: read() },
  });
  return { result, repeats };
}

describe("the outbox drill with an order, small and in virtual time", () => {
  it("keeps each account's sequence, loses nothing, and has poison keep its own account waiting alone", async () => {
    const { result, repeats } = await play();

    expect(result.findings).toEqual([]);
    expect(result).toMatchObject({
      ...{ orders: 400, rolledBack: 20, accounts, lost: 0, ghosts: 0, outOfOrder: 0 },
      ...{ parked: 2, released: 2, harmed: 0, centsOff: 0, pass: true },
    });
    expect(repeats).toBeGreaterThan(0);
  });

  it("sees steps out of their turn where a relay takes lines from their end", async () => {
    const { result } = await play({
      spoil: (store) => ({
        ...store,
        line: async (key, most) => {
          const rows = await store.line(key, most);
          return rows.map((one, at) => ({
            ...one,
            // It believes what it reads: the last row is the first one for it.
            row: rows[rows.length - 1 - at]?.row ?? one.row,
          }));
        },
      }),
    });

    expect(result.outOfOrder).toBeGreaterThan(0);
    expect(result.pass).toBe(false);
  });
});

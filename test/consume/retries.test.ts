import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { inMemoryHolds, probePayload } from "../../src/breaker/index.ts";
import {
  type ConsumerQueues,
  consume,
  inMemoryQueues,
  omnibusAttribute,
  type SqsEvent,
  type SqsRecord,
} from "../../src/consume/index.ts";
import { DependencyDown, LedgerError } from "../../src/errors.ts";
import { inMemoryLedger, type Ledger, ledgerKey } from "../../src/ledger/index.ts";
import { inMemoryLimits, type LimitStore, limit } from "../../src/limits/index.ts";
import { planRetries } from "../../src/plan/index.ts";
import { inMemoryTopics } from "../../src/publish/index.ts";
import {
  again,
  consumerWorld,
  failures,
  order,
  orderCreated,
  record,
  settingsFor,
} from "../helpers/consumer-world.ts";

const down = () => {
  throw new DependencyDown("payments");
};
const bug = () => {
  throw new Error("not today");
};

describe("retries", () => {
  it("wait through their visibility, all of a batch in one call", async () => {
    const calls: number[] = [];
    const queues = inMemoryQueues();
    const counted: ConsumerQueues = {
      ...queues,
      delay: (queueArn, entries) => {
        calls.push(entries.length);
        return queues.delay(queueArn, entries);
      },
    };
    const { deliver } = consumerWorld(bug, { parts: { queues: counted } });

    await deliver(Array.from({ length: 10 }, () => record(order())));

    expect(calls).toEqual([10]);
  });

  it("are spread over all of a range that doubles with each attempt, up to its ceiling", async () => {
    const attempts = 7;
    const world = consumerWorld(bug, {
      settings: { attempts: 20, firstDelayMs: 4_000, maxDelayMs: 60_000 },
    });
    const events = Array.from({ length: 60 }, () => record(order()));
    let batch: readonly SqsRecord[] = events;
    const ranges: [number, number, number][] = [];
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const before = world.queues.delayed.length;
      await world.deliver(batch);
      const delays = world.queues.delayed.slice(before).map(({ delaySeconds }) => delaySeconds);
      ranges.push([Math.min(...delays), Math.max(...delays), delays.reduce((a, b) => a + b) / delays.length]);
      batch = batch.map(again);
    }

    const ceilings = [4, 8, 16, 32, 60, 60, 60];
    ranges.forEach(([least, most, mean], index) => {
      const ceiling = ceilings[index] as number;
      expect(most).toBeLessThanOrEqual(ceiling);
      expect(most).toBeGreaterThan(ceiling * 0.8);
      expect(least).toBeLessThanOrEqual(Math.max(1, ceiling * 0.2));
      expect(mean).toBeGreaterThan(ceiling * 0.3);
      expect(mean).toBeLessThan(ceiling * 0.75);
    });
  });

  it("end in a dead letter that says so, with as many attempts as were planned for what is to be survived", async () => {
    const goal = { surviveMs: 60_000, firstDelayMs: 1_000, maxDelayMs: 10_000 };
    const { attempts } = planRetries(goal);
    const { deliver, queues, clock } = consumerWorld(bug, { settings: { ...goal, attempts } });
    const beganMs = clock.nowMs();

    let one = record(order());
    let deliveries = 0;
    while (queues.deadLetters.length === 0) {
      await deliver([one]);
      deliveries++;
      await clock.advance((queues.delayed.at(-1)?.delaySeconds ?? 0) * 1_000);
      one = again(one);
    }

    expect(deliveries).toBe(attempts);
    expect(clock.nowMs() - beganMs).toBeGreaterThan(goal.surviveMs);
    expect(JSON.parse(queues.deadLetters[0]?.attributes[omnibusAttribute]?.stringValue ?? "")).toMatchObject({
      reason: "attempts-exhausted",
      attempts,
      error: { name: "Error", message: "not today" },
    });
  });
});

describe("what is no attempt", () => {
  const partner = limit("partner", { rate: "1/s", horizonMs: 3_000 });

  /** One consumer's event, brought to it again and again under whatever is set here. */
  function tried({ mode = "once" }: { mode?: "once" | "record" } = {}) {
    const clock = virtualClock();
    const ledger = inMemoryLedger({ keepMs: 86_400_000, clock });
    const queues = inMemoryQueues();
    const holds = inMemoryHolds();
    const store = inMemoryLimits({ clock });
    let isFull = false;
    const limitStore: LimitStore = {
      ...store,
      reserve: async (request) =>
        isFull ? { status: "full", fits: 0, roomAtMicros: request.latestMicros } : store.reserve(request),
    };
    let act: () => void = () => {};
    let runs = 0;
    let ledgerIsAway = false;
    const mayBeAway: Ledger = {
      ...ledger,
      claim: (events, terms) =>
        ledgerIsAway ? Promise.reject(new LedgerError("no route")) : ledger.claim(events, terms),
    };
    const lambda = consume(
      orderCreated,
      () => {
        runs++;
        act();
      },
      {
        settings: settingsFor({
          mode,
          attempts: 3,
          limits: [partner.meaning],
          breaker: { failures: 100, windowMs: 30_000, probeMs: 10_000 },
        }),
        ledger: mayBeAway,
        limits: [partner],
        limitStore,
        topics: inMemoryTopics(),
        sink: () => {},
        queues,
        holds,
        clock,
      },
    );
    let one = record(order({ id: "x" }));
    const bring = async (payload: object = {}, remainingMs = 30_000) => {
      const endsMs = clock.nowMs() + remainingMs;
      const context = { awsRequestId: "r", getRemainingTimeInMillis: () => endsMs - clock.nowMs() };
      const before = runs;
      const answer = await clock.until(lambda({ Records: [one], ...payload } as SqsEvent, context));
      one = again(one);
      // Away from any limit, lease or look of before.
      await clock.advance(60_000);
      return { ran: runs - before, comesAgain: failures(answer).length === 1 };
    };
    return {
      ...{ clock, ledger, queues, holds, bring },
      acts: (how: () => void) => {
        act = how;
      },
      setLimitFull: (full: boolean) => {
        isFull = full;
      },
      setLedgerAway: (isAway: boolean) => {
        ledgerIsAway = isAway;
      },
    };
  }

  it("brings an event no nearer to death, whatever it is and however often: then all its attempts are left", async () => {
    const { bring, acts, holds, ledger, queues, clock, setLimitFull, setLedgerAway } = tried();
    const key = ledgerKey({ consumer: "LockStock", source: "/shop/web", id: "x" });
    const unrun = { ran: 0, comesAgain: true };

    for (let round = 0; round < 5; round++) {
      // A lease that another run holds.
      const event = {
        key,
        hash: ledger.items.get(key)?.hash ?? "",
        ...{ consumer: "LockStock", source: "/shop/web", id: "x", type: "order.created", time: "" },
      };
      if (event.hash) {
        const terms = { owner: `other-${round}`, leaseEndsMs: clock.nowMs() + 30_000 };
        await ledger.claim([{ ...event, redelivered: true }], terms);
        expect(await bring()).toEqual(unrun);
        await ledger.end([{ key, to: "released", started: false }], terms.owner);
      }
      // A rate that has no start left.
      setLimitFull(true);
      expect(await bring()).toEqual(unrun);
      setLimitFull(false);
      // Too little time.
      expect(await bring({}, 900)).toEqual(unrun);
      // A hold.
      const paused = { name: "manual", sinceMs: clock.nowMs(), why: "", by: "ops" } as const;
      await holds.open("LockStock", paused, "person");
      expect(await bring()).toEqual(unrun);
      await holds.lift("LockStock", paused, "person");
      // A ledger that is away.
      setLedgerAway(true);
      expect(await bring()).toEqual(unrun);
      setLedgerAway(false);
      // A partner that is away, found out by itself and by a probe.
      acts(down);
      expect(await bring()).toEqual({ ran: 1, comesAgain: true });
      expect(await bring(probePayload("payments"))).toEqual({ ran: 1, comesAgain: true });
    }
    expect(ledger.items.get(key)).toMatchObject({ state: "released", attempts: 0 });

    acts(bug);
    expect(await bring()).toEqual({ ran: 1, comesAgain: true });
    expect(await bring()).toEqual({ ran: 1, comesAgain: true });
    expect(queues.deadLetters).toEqual([]);
    expect(await bring()).toEqual({ ran: 1, comesAgain: false });
    expect(queues.deadLetters).toHaveLength(1);
  });

  it("counts for what fails afterwards in the modes that have receives alone: the weaker promise", async () => {
    const { bring, acts, queues } = tried({ mode: "record" });
    acts(down);
    for (let round = 0; round < 5; round++) expect((await bring()).comesAgain).toBe(true);
    expect(queues.deadLetters).toEqual([]);

    acts(bug);

    expect(await bring()).toEqual({ ran: 1, comesAgain: false });
    expect(queues.deadLetters).toHaveLength(1);
  });
});

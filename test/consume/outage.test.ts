import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { type HoldStore, inMemoryHolds, probePayload } from "../../src/breaker/index.ts";
import { sleep } from "../../src/clock.ts";
import {
  type ConsumeOptions,
  consume,
  type Handler,
  inMemoryQueues,
  type SqsEvent,
  type SqsRecord,
} from "../../src/consume/index.ts";
import { DependencyDown, LedgerError, PermanentError, SettingsError } from "../../src/errors.ts";
import { inMemoryLedger, type Ledger, ledgerKey } from "../../src/ledger/index.ts";
import { type ParkedStore, releaseMessage } from "../../src/parking/index.ts";
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

const breaker = { failures: 5, windowMs: 30_000, probeMs: 10_000 };
const records = (count: number) => Array.from({ length: count }, () => record(order()));
const down = () => {
  throw new DependencyDown("payments", { cause: new Error("503") });
};
const keyOf = (id: string) => ledgerKey({ consumer: "LockStock", source: "/shop/web", id });

function world(
  handler: Parameters<typeof consumerWorld>[0],
  {
    holds = inMemoryHolds(),
    settings = {},
    ledger,
    parts = {},
  }: {
    holds?: HoldStore;
    parts?: Partial<ConsumeOptions>;
    settings?: Parameters<typeof settingsFor>[0];
    ledger?: (real: Ledger) => Ledger;
  } = {},
) {
  const clock = virtualClock();
  const real = inMemoryLedger({ keepMs: 40 * 86_400_000, clock });
  const made = consumerWorld(handler, {
    clock,
    ledger: real,
    settings: { breaker, ...settings },
    parts: { ...parts, holds, ...(ledger ? { ledger: ledger(real) } : {}) },
  });
  const open = async () => (await holds.read(["LockStock"]))[0]?.holds ?? [];
  const reasons = () => made.lines.flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
  return { ...made, holds, open, reasons };
}

describe("a handler that says DependencyDown", () => {
  it("has its event come back no nearer to death, however often", async () => {
    const attempts: number[] = [];
    const { deliver, queues, ledger } = world((_, ctx) => {
      attempts.push(ctx.attempt);
      down();
    });

    let one = record(order({ id: "x" }));
    for (let receive = 1; receive <= 40; receive++) {
      expect(failures(await deliver([one]))).toEqual([one.messageId]);
      one = again(one);
    }

    expect(new Set(attempts)).toEqual(new Set([1]));
    expect(ledger.items.get(keyOf("x"))).toMatchObject({ state: "released", attempts: 0 });
    expect(queues.deadLetters).toEqual([]);
  });

  it("spends an attempt for what is no outage, between two outages too", async () => {
    const attempts: number[] = [];
    let act = down;
    const { deliver, queues } = world(
      (_, ctx) => {
        attempts.push(ctx.attempt);
        act();
      },
      { settings: { attempts: 2 } },
    );
    let one = record(order());
    const next = async (what: () => never) => {
      act = what;
      await deliver([one]);
      one = again(one);
    };
    const bug = () => {
      throw new Error("bug");
    };

    await next(down);
    await next(bug);
    await next(down);
    await next(bug);

    expect(attempts).toEqual([1, 1, 2, 2]);
    expect(queues.deadLetters).toHaveLength(1);
  });

  it("waits longer each time, though attempts do not grow", async () => {
    const { deliver, queues } = world(down, {
      settings: { firstDelayMs: 1_000, maxDelayMs: 600_000, breaker: { ...breaker, failures: 1_000 } },
    });
    const receives = [1, 12].map((count) => record(order(), { receives: count }));

    for (let round = 0; round < 20; round++) await deliver([receives[round % 2] as SqsRecord]);

    const delays = (handle: string | undefined) =>
      queues.delayed
        .filter(({ receiptHandle }) => receiptHandle === handle)
        .map(({ delaySeconds }) => delaySeconds);
    expect(Math.max(...delays(receives[0]?.receiptHandle))).toBeLessThanOrEqual(1);
    expect(Math.max(...delays(receives[1]?.receiptHandle))).toBeGreaterThan(60);
  });

  it("never makes a dead letter of it in modes that count receives", async () => {
    for (const mode of ["record", "none"] as const) {
      const { deliver, queues } = world(down, { settings: { mode, attempts: 3 } });

      await deliver([record(order(), { receives: 50 })]);

      expect(queues.deadLetters).toEqual([]);
    }
  });

  it("stops its group on an ordered queue", async () => {
    const seen: string[] = [];
    const { deliver } = world(
      (event) => {
        seen.push(event.id);
        if (event.id === "a") down();
      },
      { settings: { fifo: true } },
    );
    const ordered = ["a", "b"].map((id) => record(order({ id, partitionkey: "k" }), { group: "k" }));

    const response = await deliver(ordered);

    expect(seen).toEqual(["a"]);
    expect(failures(response)).toHaveLength(2);
  });

  it("refuses a dependency's name that cannot be", () => {
    expect(() => new DependencyDown("ledger")).toThrow(/"ledger" is the name of our own/);
    for (const name of ["", "https://pay/orders/1", "x".repeat(61)]) {
      expect(() => new DependencyDown(name)).toThrow(SettingsError);
    }
    expect(new DependencyDown("payments", { cause: new Error("503") })).toMatchObject({
      dependency: "payments",
      code: "dependency-down",
      retryable: true,
      message: "payments is down: 503",
    });
  });
});

describe("a consumer's breaker", () => {
  it("opens in the batch in which the threshold is passed, and stops what has not started", async () => {
    let runs = 0;
    const { deliver, open, reasons, clock } = world(
      () => {
        runs++;
        down();
      },
      { settings: { parallel: 1 } },
    );

    const response = await deliver(records(10));

    expect(runs).toBe(5);
    expect(response.batchItemFailures).toHaveLength(10);
    expect(reasons().filter((reason) => reason === "hold")).toHaveLength(5);
    expect(await open()).toMatchObject([
      { name: "breaker:payments", by: "LockStock", why: "payments is down: 503", sinceMs: clock.nowMs() },
    ]);
  });

  it("does not open for failures that are no outage", async () => {
    const { deliver, open } = world((event) => {
      if (event.id.endsWith("7")) throw new PermanentError("no");
      throw new Error("a bug");
    });

    await deliver(records(20));

    expect(await open()).toEqual([]);
  });

  it("writes nothing in a consumer whose settings know no outages, and gives the attempts back all the same", async () => {
    const clock = virtualClock();
    const never: HoldStore = {
      ...inMemoryHolds(),
      read: () => Promise.reject(new Error("not to be asked")),
      open: () => Promise.reject(new Error("not to be asked")),
    };
    const { deliver, ledger, lines } = consumerWorld(down, { clock, parts: { holds: never } });

    await deliver([record(order({ id: "y" })), ...records(9)]);

    expect(lines.filter(({ level, reason }) => level === "warn" && reason === undefined)).toEqual([]);
    expect(ledger.items.get(keyOf("y"))).toMatchObject({ state: "released", attempts: 0 });
  });

  it("keeps two dependencies apart", async () => {
    let which = "payments";
    const { deliver, open, clock } = world(() => {
      throw new DependencyDown(which);
    });
    await deliver(records(10));
    which = "stock";
    await clock.advance(5_000);

    // Held: nothing runs, so nothing new is found out.
    await deliver(records(10));

    expect((await open()).map(({ name }) => name)).toEqual(["breaker:payments"]);
  });
});

describe("a consumer that is held", () => {
  const paused = { name: "manual", sinceMs: 1, why: "migration", by: "ops" } as const;

  it("runs and claims nothing, and sends all back with a delay: what cannot be read too", async () => {
    let runs = 0;
    const { deliver, holds, ledger, queues, reasons } = world(() => runs++);
    await holds.open("LockStock", paused, "person");

    const response = await deliver([...records(3), record("no event")]);

    expect(runs).toBe(0);
    expect(response.batchItemFailures).toHaveLength(4);
    expect(ledger.items.size).toBe(0);
    expect(queues.deadLetters).toEqual([]);
    expect(reasons()).toEqual(["hold", "hold", "hold", "hold"]);
    for (const { delaySeconds } of queues.delayed) {
      expect(delaySeconds).toBeGreaterThanOrEqual(5);
      expect(delaySeconds).toBeLessThanOrEqual(15);
    }
    expect(queues.delayed).toHaveLength(4);
  });

  it("lets no line grow behind a parked group, and releases none", async () => {
    const never = () => Promise.reject(new Error("not to be asked"));
    const parkedStore = { read: never, line: never, change: never } as unknown as ParkedStore;
    const { deliver, holds, reasons } = world(() => {}, {
      settings: { fifo: true, onPoison: "park" },
      parts: { parkedStore },
    });
    await holds.open("LockStock", paused, "person");
    const follower = record(order({ partitionkey: "k" }), { group: "k" });
    const release = record(releaseMessage("k", { id: "r", place: 1 }).body, { group: "k" });

    const response = await deliver([follower, release]);

    expect(response.batchItemFailures).toHaveLength(2);
    expect(reasons()).toEqual(["hold", "hold"]);
  });

  it("burns few receives in an hour without a governor, though its mapping stays open", async () => {
    const { begin, clock, holds, queues } = world(() => {}, {
      settings: { firstDelayMs: 5_000, maxDelayMs: 900_000 },
    });
    await holds.open("LockStock", paused, "person");
    const endMs = clock.nowMs() + 3_600_000;

    let one = record(order());
    let receives = 0;
    while (clock.nowMs() < endMs) {
      await clock.until(begin([one]));
      receives++;
      one = again(one);
      await clock.advance((queues.delayed.at(-1)?.delaySeconds ?? 0) * 1_000);
    }

    expect(receives).toBeLessThan(30);
  });

  it("runs again within five seconds of the end of its last hold", async () => {
    let runs = 0;
    const { deliver, holds, clock } = world(() => runs++);
    await holds.open("LockStock", paused, "person");
    await deliver(records(1));
    await holds.lift("LockStock", paused, "person");

    await clock.advance(5_000);
    await deliver(records(2));

    expect(runs).toBe(2);
  });

  it("is not stopped by holds of others", async () => {
    let runs = 0;
    const { deliver, holds } = world(() => runs++);
    await holds.open("Charge", paused, "person");

    await deliver(records(2));

    expect(runs).toBe(2);
  });
});

describe("the ledger as a dependency", () => {
  const unreachable = (real: Ledger): Ledger & { readonly asked: () => number } => {
    let asked = 0;
    return {
      ...real,
      asked: () => asked,
      claim: () => {
        asked++;
        return Promise.reject(new LedgerError("no route"));
      },
    };
  };

  it("sends the batch back unrun, and is noted", async () => {
    let runs = 0;
    const { deliver, open } = world(() => runs++, { ledger: unreachable });

    const response = await deliver(records(10));

    expect(runs).toBe(0);
    expect(response.batchItemFailures).toHaveLength(10);
    expect(await open()).toMatchObject([{ name: "breaker:ledger", probe: { own: false } }]);
  });

  it("is not asked again for five seconds where nothing can be written at all", async () => {
    const ledger: { of?: ReturnType<typeof unreachable> } = {};
    const holds: HoldStore = {
      ...inMemoryHolds(),
      read: () => Promise.reject(new Error("down")),
      open: () => Promise.reject(new Error("down")),
    };
    const { deliver, clock } = world(() => {}, {
      holds,
      ledger: (real) => {
        ledger.of = unreachable(real);
        return ledger.of;
      },
    });

    for (let second = 0; second < 10; second++) {
      await deliver(records(10));
      await clock.advance(1_000);
    }

    expect(ledger.of?.asked()).toBe(2);
  });

  it("is noted when what was handled cannot be written down", async () => {
    const { deliver, open } = world(() => {}, {
      ledger: (real) => ({ ...real, end: () => Promise.reject(new LedgerError("no route")) }),
    });

    await deliver(records(10));

    expect((await open()).map(({ name }) => name)).toEqual(["breaker:ledger"]);
  });

  it("does not open for an event that the ledger alone could not decide", async () => {
    const { deliver, open } = world(() => {}, {
      ledger: (real) => ({
        ...real,
        claim: async (events, terms) => {
          const results = await real.claim(events, terms);
          return results.map((result, index) =>
            index === 0 ? { status: "failed", code: "ThrottlingException" } : result,
          );
        },
      }),
    });

    for (let batch = 0; batch < 10; batch++) await deliver(records(10));

    expect(await open()).toEqual([]);
  });
});

describe("a probe", () => {
  /** A consumer's function as a governor invokes it. */
  function lambdaOf(
    handler: Handler<typeof orderCreated>,
    { probe, ...more }: { probe?: (dependency: string, context: { signal: AbortSignal }) => unknown } = {},
  ) {
    const clock = virtualClock();
    const holds = inMemoryHolds();
    const queues = inMemoryQueues();
    const ledger = inMemoryLedger({ keepMs: 86_400_000, clock });
    const lambda = consume(orderCreated, handler, {
      settings: settingsFor({ breaker }),
      ledger,
      queues,
      topics: inMemoryTopics(),
      holds,
      clock,
      sink: () => {},
      ...(probe ? { probe } : {}),
      ...more,
    });
    const invoke = (payload: object, remainingMs = 30_000) => {
      const endsMs = clock.nowMs() + remainingMs;
      const context = { awsRequestId: "probe", getRemainingTimeInMillis: () => endsMs - clock.nowMs() };
      return clock.until(lambda(payload as SqsEvent, context));
    };
    return { invoke, holds, clock, ledger, queues };
  }
  const broken = { name: "breaker:payments", sinceMs: 1, why: "503", by: "LockStock" } as const;
  const message = (one = record(order())) => ({ ...probePayload("payments"), Records: [one] });

  it("lets one message through a hold, and tells that the dependency is back", async () => {
    let runs = 0;
    const { invoke, holds } = lambdaOf(() => runs++);
    await holds.open("LockStock", broken, "consumer");

    expect(await invoke(message())).toEqual({ batchItemFailures: [], probe: { verdict: "up" } });
    expect(runs).toBe(1);
  });

  it("tells which dependency is down, and sends the message back no nearer to death", async () => {
    const { invoke, ledger } = lambdaOf(() => {
      throw new DependencyDown("stock");
    });

    const answer = await invoke(message(record(order({ id: "p" }))));

    expect(answer.batchItemFailures).toHaveLength(1);
    expect(answer.probe).toEqual({ verdict: "down", dependency: "stock", why: "stock is down" });
    expect(ledger.items.get(keyOf("p"))).toMatchObject({ state: "released", attempts: 0 });
  });

  it("finds a dependency up when the handler ran into something else: a bug must not keep a consumer held", async () => {
    const { invoke } = lambdaOf(() => {
      throw new Error("a bug");
    });

    expect((await invoke(message())).probe).toEqual({ verdict: "up" });
  });

  it("has learnt nothing from a message that did not run", async () => {
    const { invoke } = lambdaOf(() => {});
    const done = record(order());
    await invoke(message(done));

    expect((await invoke(message(again(done)))).probe).toEqual({
      verdict: "unknown",
      why: "nothing ran: duplicate",
    });
    expect((await invoke(message(record("no event")))).probe).toEqual({
      verdict: "unknown",
      why: "nothing ran: dead",
    });
  });

  it("finds the ledger down where that cannot be reached", async () => {
    const clock = virtualClock();
    const real = inMemoryLedger({ keepMs: 1, clock });
    const ledger = { ...real, claim: () => Promise.reject(new LedgerError("no route")) };
    const { invoke } = lambdaOf(() => {}, { ledger } as object);

    expect((await invoke(message())).probe).toEqual({
      verdict: "down",
      dependency: "ledger",
      why: "no route",
    });
  });

  it("lets the next batch run at once where it went well", async () => {
    let runs = 0;
    let isDown = true;
    const { invoke, holds } = lambdaOf(() => {
      if (isDown) throw new DependencyDown("payments");
      runs++;
    });
    await invoke({ Records: records(10) });
    isDown = false;
    await invoke(message());
    const [open] = (await holds.read(["LockStock"]))[0]?.holds ?? [];
    if (open) await holds.lift("LockStock", open, "governor");

    await invoke({ Records: records(3) });

    expect(runs).toBe(4);
  });

  it("asks the consumer's own probe, which answers for the dependency", async () => {
    const asked: string[] = [];
    let isDown = true;
    const { invoke } = lambdaOf(() => {}, {
      probe: (dependency) => {
        asked.push(dependency);
        if (isDown) throw new Error("still 503");
      },
    });

    expect((await invoke(probePayload("payments"))).probe).toEqual({
      verdict: "down",
      dependency: "payments",
      why: "still 503",
    });
    isDown = false;
    expect(await invoke(probePayload("stock"))).toEqual({ batchItemFailures: [], probe: { verdict: "up" } });
    expect(asked).toEqual(["payments", "stock"]);
  });

  it("ends a probe that hangs, and takes the dependency for down", async () => {
    let aborted = false;
    const { invoke, clock } = lambdaOf(() => {}, {
      probe: (_, { signal }) => {
        signal.addEventListener("abort", () => {
          aborted = true;
        });
        return new Promise(() => {});
      },
    });
    const beganMs = clock.nowMs();

    const answer = await invoke(probePayload("payments"));

    expect(answer.probe).toMatchObject({ verdict: "down", why: "the probe did not answer within 10000 ms" });
    expect(aborted).toBe(true);
    expect(clock.nowMs() - beganMs).toBe(10_000);
  });

  it("ends a probe that hangs before its invocation does", async () => {
    const { invoke, clock } = lambdaOf(() => {}, { probe: () => sleep(virtualClock(), 1) });
    const beganMs = clock.nowMs();

    await invoke(probePayload("payments"), 4_000);

    expect(clock.nowMs() - beganMs).toBe(3_000);
  });

  it("says that there is none where the consumer has none", async () => {
    const { invoke } = lambdaOf(() => {});

    expect((await invoke(probePayload("payments"))).probe).toEqual({
      verdict: "unknown",
      why: "consumer LockStock has no probe: let a message through",
    });
  });
});

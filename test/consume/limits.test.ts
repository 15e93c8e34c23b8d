import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { sleep } from "../../src/clock.ts";
import { inMemoryLimits, type LimitStore, limit } from "../../src/limits/index.ts";
import { again, consumerWorld, order, record } from "../helpers/consumer-world.ts";

const partner = limit("partner", { rate: "10/s", horizonMs: 2_000 });
const records = (count: number) => Array.from({ length: count }, () => record(order()));

function world(
  handler: Parameters<typeof consumerWorld>[0],
  { store, limitAt }: { store?: LimitStore; limitAt?: "handler" | "call" } = {},
) {
  const clock = virtualClock();
  return consumerWorld(handler, {
    clock,
    settings: { limits: [partner.meaning], parallel: 100 },
    parts: {
      limits: [partner],
      limitStore: store ?? inMemoryLimits({ clock }),
      ...(limitAt ? { limitAt } : {}),
    },
  });
}

describe("a limited consumer", () => {
  it("starts its handlers at the rate, and each one once", async () => {
    const starts: number[] = [];
    const { clock, deliver } = world(() => starts.push(clock.nowMs()));

    const answer = await deliver(records(12));

    expect(answer.batchItemFailures).toEqual([]);
    expect(starts).toHaveLength(12);
    expect((starts[10] as number) - (starts[0] as number)).toBeGreaterThanOrEqual(1_000);
  });

  it("sends back unrun what its horizon does not hold, no nearer to death", async () => {
    let runs = 0;
    const { deliver, queues, lines } = world(() => runs++);

    const answer = await deliver(records(25));

    expect(runs).toBe(19);
    expect(answer.batchItemFailures).toHaveLength(6);
    expect(queues.delayed).toHaveLength(6);
    expect(lines.filter(({ reason }) => reason === "no-slot")).toHaveLength(6);
  });

  it("comes back for its starts without losing an attempt, however often it is sent away", async () => {
    const attempts: number[] = [];
    const { clock, deliver } = world((_, { attempt }) => attempts.push(attempt));
    await deliver(records(19));
    attempts.length = 0;

    let [late] = records(1) as [ReturnType<typeof record>];
    for (let receive = 1; receive < 12; receive++) {
      await deliver([late], { remainingMs: 1_001 });
      late = again(late);
    }
    await clock.until(sleep(clock, 3_000));
    await deliver([late]);

    expect(attempts).toEqual([1]);
  });

  it("asks once for all starts that one stall has made late", async () => {
    const clock = virtualClock();
    const store = inMemoryLimits({ clock });
    let reservations = 0;
    const counting: LimitStore = {
      ...store,
      reserve: (request) => {
        reservations++;
        return store.reserve(request);
      },
    };
    let stalled = false;
    const starts: number[] = [];
    const world = consumerWorld(() => starts.push(clock.nowMs()), {
      clock,
      settings: { limits: [partner.meaning], parallel: 100 },
      parts: {
        limits: [partner],
        limitStore: counting,
        clock: {
          ...clock,
          // Every timer of the first second fires when that second is over.
          after: (delayMs, fire) => {
            const stall = stalled ? delayMs : Math.max(delayMs, 1_000);
            return clock.after(stall, () => {
              stalled = true;
              fire();
            });
          },
        },
      },
    });

    await world.deliver(records(8));

    expect(starts).toHaveLength(8);
    expect(reservations).toBe(2);
  });

  it("runs nothing when the limits do not answer", async () => {
    let runs = 0;
    const down: LimitStore = {
      reserve: () => Promise.reject(new Error("down")),
      giveBack: () => Promise.reject(new Error("down")),
    };
    const { deliver, lines } = world(() => runs++, { store: down });

    const answer = await deliver(records(3));

    expect(runs).toBe(0);
    expect(answer.batchItemFailures).toHaveLength(3);
    expect(lines.filter(({ reason }) => reason === "limits-unavailable")).toHaveLength(3);
  });

  it("gives back what a batch did not use", async () => {
    const clock = virtualClock();
    const store = inMemoryLimits({ clock });
    let given = 0;
    const watched: LimitStore = {
      reserve: store.reserve,
      giveBack: (grant, unused) => {
        given += unused;
        return store.giveBack(grant, unused);
      },
    };
    const { deliver } = world(() => {}, { store: watched });

    await deliver(records(10), { remainingMs: 1_500 });

    expect(given).toBeGreaterThan(0);
  });

  describe("limited at its calls", () => {
    it("starts at once, and calls at the rate", async () => {
      const handlers: number[] = [];
      const calls: number[] = [];
      const { clock, deliver } = world(
        async (_, { limit }) => {
          handlers.push(clock.nowMs());
          await limit.run(() => calls.push(clock.nowMs()));
        },
        { limitAt: "call" },
      );

      await deliver(records(12));

      expect(new Set(handlers).size).toBe(1);
      expect(calls).toHaveLength(12);
      expect(Math.max(...calls) - Math.min(...calls)).toBeGreaterThanOrEqual(1_000);
    });

    it("sends an event back that finds no start, as a run that was none", async () => {
      const attempts: number[] = [];
      const { deliver, lines } = world(
        async (_, { limit, attempt }) => {
          attempts.push(attempt);
          await limit.run(() => {});
        },
        { limitAt: "call" },
      );

      await deliver(records(25));
      const back = lines.filter(({ reason }) => reason === "no-slot");

      expect(back).toHaveLength(6);
      expect(Math.max(...attempts)).toBe(1);
    });
  });

  it("refuses limits that its stack does not know", () => {
    expect(() => consumerWorld(() => {}, { parts: { limits: [partner] } })).toThrow(
      /was deployed with the limits nothing, and its code declares partner: rate 10\/s/,
    );
  });

  it("says what is missing when a call is limited by nothing", async () => {
    const { deliver, lines } = consumerWorld(async (_, { limit }) => limit.run(() => {}));

    await deliver(records(1));

    expect(lines.some(({ message }) => String(message).includes("has no limits: give them to consume"))).toBe(
      true,
    );
  });
});

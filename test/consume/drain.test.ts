import { describe, expect, it } from "@jest/globals";
import { sleep } from "../../src/clock.ts";
import { DependencyDown, PermanentError } from "../../src/errors.ts";
import { limit } from "../../src/limits/index.ts";
import { type DrainedWorld, drainedWorld } from "../helpers/drained-world.ts";
import { mostInAnyWindow } from "../limits/holders.ts";

const minuteMs = 60_000;
const perMinute = (count: number, name = "partner") => limit(name, { rate: `${count}/min` });
const most = ({ starts }: DrainedWorld, windowMs: number) =>
  mostInAnyWindow(
    starts.map(({ atMs }) => atMs).sort((left, right) => left - right),
    windowMs,
  );
const left = ({ queue }: DrainedWorld) => {
  const { visible, inFlight, delayed } = queue.counts();
  return visible + inFlight + delayed;
};
const done = ({ ledger }: DrainedWorld) =>
  [...ledger.items.values()].filter(({ state }) => state === "done").length;

describe("a consumer that a schedule drains", () => {
  it("starts its events at the rate, one by one, and uses it", async () => {
    const world = drainedWorld({ limits: [perMinute(5)] });
    world.publish(60);

    await world.schedule();

    expect(left(world)).toBe(0);
    expect(done(world)).toBe(60);
    expect(most(world, minuteMs)).toBeLessThanOrEqual(5);
    const [first, last] = [world.starts[0], world.starts.at(-1)];
    const usedPerMinute = (59 * minuteMs) / ((last?.atMs ?? 0) - (first?.atMs ?? 0));
    expect(usedPerMinute).toBeGreaterThan(0.95 * 5);
  });

  it("waits in no invocation for a start that is long away", async () => {
    const world = drainedWorld({ limits: [limit("partner", { rate: "10/h" })] });
    world.publish(15);

    await world.schedule();

    expect(done(world)).toBe(15);
    expect(most(world, 3_600_000)).toBeLessThanOrEqual(10);
    expect(world.reports.filter((report) => report?.end === "limit").length).toBeGreaterThan(40);
  });

  it("takes no more from the queue than it has starts for", async () => {
    const held: number[] = [];
    const world = drainedWorld({
      limits: [perMinute(5)],
      handler: () => {
        held.push(world.queue.counts().inFlight);
      },
    });
    world.publish(40);

    await world.schedule({ forMs: 4 * minuteMs });

    expect(held.length).toBeGreaterThan(15);
    expect(Math.max(...held)).toBe(1);
  });

  it("handles side by side what takes longer than starts are apart", async () => {
    const world = drainedWorld({
      limits: [perMinute(20)],
      handler: () => sleep(world.clock, 15_000),
    });
    world.publish(100);

    await world.schedule();

    const [first, last] = [world.starts[0], world.starts.at(-1)];
    expect((99 * minuteMs) / ((last?.atMs ?? 0) - (first?.atMs ?? 0))).toBeGreaterThan(0.9 * 20);
    expect(most(world, minuteMs)).toBeLessThanOrEqual(20);
  });

  it("asks an empty queue for its count, and does nothing else", async () => {
    const world = drainedWorld({ limits: [perMinute(5)] });

    const report = await world.invoke();

    expect(report).toEqual({ received: 0, end: "empty" });
    expect(world.calls()).toEqual({ inbox: 1, limits: 0, leases: 0, holds: 0 });
  });

  it("lets one run work at a time; those that come meanwhile leave at once", async () => {
    const world = drainedWorld({ limits: [perMinute(5)] });
    world.publish(20);

    await world.schedule({ atOnce: 3 });

    expect(done(world)).toBe(20);
    expect(most(world, minuteMs)).toBeLessThanOrEqual(5);
    expect(world.reports.filter((report) => report?.end === "busy").length).toBeGreaterThan(5);
  });

  it("keeps the rate also where two drainers work at once, without a lease to keep them apart", async () => {
    for (const seed of [1, 2, 3]) {
      const leases = {
        take: async () => ({ status: "ours" as const }),
        renew: async () => true,
        release: async () => {},
      };
      const world = drainedWorld({ limits: [perMinute(12)], seed, options: { leases } });
      world.publish(60);

      await world.schedule({ atOnce: 2, jitterMs: 5_000 });

      expect(done(world)).toBe(60);
      expect(world.starts).toHaveLength(60);
      expect(most(world, minuteMs)).toBeLessThanOrEqual(12);
    }
  });

  it("drains all that there is, wherever its runs are killed", async () => {
    let deaths = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const world = drainedWorld({
        limits: [perMinute(12)],
        seed,
        // Each process lives for some calls.
        fate: (call) => {
          if (call % (17 + seed) !== 0 || call > 400) return "lives";
          return call % 2 === 0 ? "dies-before" : "dies-after";
        },
      });
      world.publish(40);

      await world.schedule({ jitterMs: 3_000 });
      deaths += world.mortality.deaths;

      expect(left(world)).toBe(0);
      expect(done(world)).toBe(40);
      expect(world.deadLetters.messages()).toEqual([]);
      expect(most(world, minuteMs)).toBeLessThanOrEqual(12);
    }
    expect(deaths).toBeGreaterThan(60);
  });

  it("tries failures again with their delays, and buries what is dead with its reason", async () => {
    let failures = 0;
    const world = drainedWorld({
      limits: [perMinute(30)],
      handler: ({ id }) => {
        if (id === "o-3") throw new PermanentError("never");
        if (id === "o-5" && failures++ < 3) throw new Error("not yet");
      },
    });
    world.publish(10);

    await world.schedule();

    expect(done(world)).toBe(9);
    expect(world.deadLetters.messages()).toHaveLength(1);
    expect(world.starts.filter(({ id }) => id === "o-5")).toHaveLength(4);
    expect(most(world, minuteMs)).toBeLessThanOrEqual(30);
  });

  it("runs alone what an earlier run did not end: whom it kills again, it kills alone", async () => {
    const world = drainedWorld({
      // One event in each batch, and six batches side by side.
      limits: [perMinute(6)],
      settings: { attempts: 4 },
      deadly: new Set(["o-10"]),
      handler: () => sleep(world.clock, 55_000),
    });
    world.publish(40);

    await world.schedule();

    expect(world.starts.filter(({ id }) => id === "o-10")).toHaveLength(4);
    expect(world.deadLetters.messages()).toHaveLength(1);
    expect(done(world)).toBe(39);
    // Those beside it when it killed its process for the first time, and itself.
    const again = [...world.ledger.items.values()].filter(({ attempts }) => attempts > 1);
    expect(again.length).toBeLessThanOrEqual(7);
  });

  it("keeps the order of each group", async () => {
    const world = drainedWorld({
      limits: [perMinute(30)],
      fifo: true,
      handler: () => sleep(world.clock, 3_000),
    });
    world.publish(30, { group: (index) => "abc"[index % 3] as string });

    await world.schedule();

    expect(done(world)).toBe(30);
    for (let group = 0; group < 3; group++) {
      const of = world.starts.map(({ id }) => Number(id.slice(2))).filter((id) => id % 3 === group);
      expect(of).toEqual([...of].sort((left, right) => left - right));
    }
    expect(most(world, minuteMs)).toBeLessThanOrEqual(30);
  });

  it("keeps a group going that is all there is", async () => {
    const world = drainedWorld({ limits: [perMinute(30)], fifo: true });
    world.publish(20, { group: () => "one" });

    await world.schedule({ forMs: 3 * minuteMs });

    expect(done(world)).toBe(20);
  });

  it("drains nothing while it is held by a person", async () => {
    const world = drainedWorld({ limits: [perMinute(5)] });
    const hold = { name: "manual", sinceMs: world.clock.nowMs(), why: "", by: "me" } as const;
    await world.holds.open("LockStock", hold, "person");
    world.publish(3);

    await world.schedule({ forMs: 5 * minuteMs });
    const whileHeld = world.starts.length;
    await world.holds.lift("LockStock", hold, "person");
    await world.schedule();

    expect(whileHeld).toBe(0);
    expect(world.reports[0]).toEqual({ received: 0, end: "held" });
    expect(done(world)).toBe(3);
  });

  it("stops when a breaker opens, probes by itself, and goes on when the dependency is back", async () => {
    let isDown = true;
    const world = drainedWorld({
      limits: [perMinute(10)],
      handler: () => {
        if (isDown) throw new DependencyDown("partner", { cause: "refused" });
      },
    });
    world.publish(12);

    await world.schedule({ forMs: 15 * minuteMs });
    const [whileDown] = await world.holds.read(["LockStock"]);
    const tried = world.starts.length;
    isDown = false;
    await world.schedule();

    expect(whileDown?.holds.map(({ name }) => name)).toEqual(["breaker:partner"]);
    // Three that opened it, then a probe a minute.
    expect(tried).toBeLessThan(3 + 2 * 15);
    expect((await world.holds.read(["LockStock"]))[0]?.holds).toEqual([]);
    expect(done(world)).toBe(12);
    expect([...world.ledger.items.values()].every(({ attempts }) => attempts === 1)).toBe(true);
  });

  it("asks a probe of its own, and calls no handler for it", async () => {
    let probes = 0;
    let isDown = true;
    const world = drainedWorld({
      limits: [perMinute(10)],
      handler: () => {
        if (isDown) throw new DependencyDown("partner", { cause: "refused" });
      },
      options: {
        probe: () => {
          probes++;
          if (isDown) throw new Error("still down");
        },
      },
    });
    world.publish(6);

    await world.schedule({ forMs: 10 * minuteMs });
    const tried = world.starts.length;
    isDown = false;
    await world.schedule();

    expect(probes).toBeGreaterThan(5);
    expect(tried).toBeLessThanOrEqual(6);
    expect(done(world)).toBe(6);
  });

  it("holds several limits, a quota among them", async () => {
    const world = drainedWorld({ limits: [perMinute(5), limit("daily", { quota: "20/h" })] });
    world.publish(30);

    await world.schedule();

    expect(done(world)).toBe(30);
    expect(most(world, minuteMs)).toBeLessThanOrEqual(5);
    const byHour = Map.groupBy(world.starts, ({ atMs }) => Math.floor(atMs / 3_600_000));
    expect(Math.max(...[...byHour.values()].map((starts) => starts.length))).toBeLessThanOrEqual(20);
  });

  it("limits calls instead of handlers, where it is told so", async () => {
    const calls: number[] = [];
    const world = drainedWorld({
      limits: [perMinute(12)],
      options: { limitAt: "call" },
      handler: async (_, context) => {
        for (let call = 0; call < 2; call++) await context.limit.run(() => calls.push(world.clock.nowMs()));
      },
    });
    world.publish(15);

    await world.schedule();

    expect(done(world)).toBe(15);
    expect(calls.length).toBeGreaterThanOrEqual(30);
    expect(
      mostInAnyWindow(
        calls.sort((a, b) => a - b),
        minuteMs,
      ),
    ).toBeLessThanOrEqual(12);
  });

  it("fails, and starts nothing, when the limits do not answer", async () => {
    const down = () => Promise.reject(new Error("down"));
    const world = drainedWorld({
      limits: [perMinute(5)],
      options: { limitStore: { reserve: down, giveBack: down } },
    });
    world.publish(3);

    await world.schedule({ forMs: 3 * minuteMs });

    expect(world.starts).toEqual([]);
    expect(world.errors).toHaveLength(3);
    expect(world.errors[0]).toMatchObject({ message: "down" });
    expect(world.queue.counts().visible).toBe(3);
  });

  it.each([
    [
      "limits with a key",
      { limits: [limit("tenant", { rate: "5/min", horizonMs: 60_000, key: () => "a" })] },
      "drain-key",
    ],
    ["a consumer that has a mapping", { settings: { drain: undefined } as object }, "not-drained"],
    ["a consumer without limits", { limits: [] }, "drain-limit"],
  ])("refuses %s", async (_, change, code) => {
    const world = drainedWorld({ limits: [perMinute(5)], ...change });
    world.publish(1);

    await world.invoke();

    expect(world.errors).toEqual([expect.objectContaining({ code })]);
    expect(world.queue.counts().visible).toBe(1);
  });
});

import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../../local/testing/virtual-clock.ts";
import { type BusHolds, pause, readStatus, resume } from "../../../ops/holds/index.ts";
import { type Hold, inMemoryHolds } from "../../../src/breaker/index.ts";
import { HoldError } from "../../../src/errors.ts";
import { inMemoryMappings } from "../../../src/governor/index.ts";
import { governorWorld } from "../../helpers/governor-world.ts";

const consumer = { bus: "shop", consumer: "Charge", fifo: false };
const broken: Hold = {
  name: "breaker:payments",
  sinceMs: 1,
  why: "503",
  by: "Charge",
  probe: { everyMs: 10_000, own: false },
};

function world({
  hasGovernor = false,
  settleMs = 10_000,
}: {
  hasGovernor?: boolean | undefined;
  settleMs?: number;
} = {}) {
  const clock = virtualClock();
  const holds = inMemoryHolds();
  const mappings = inMemoryMappings([{ consumer: "Charge", queue: "shop-Charge", maximumConcurrency: 10 }], {
    clock,
    settleMs,
  });
  const bus: BusHolds = { holds, mappings, hasGovernor: async () => hasGovernor };
  const request = { consumer, bus, waitMs: 60_000, clock };
  return {
    clock,
    holds,
    mappings,
    bus,
    pause: (why = "migration") => clock.until(pause({ ...request, why, by: "ops" })),
    resume: () => clock.until(resume(request)),
    namesOf: async () => ((await holds.read(["Charge"]))[0]?.holds ?? []).map(({ name }) => name),
  };
}

/** A consumer without a mapping, as its schedule drains it. */
const drained = { ...consumer, drained: true } as const;

describe("pause", () => {
  it("writes the hold and waits for nothing where a schedule drains it", async () => {
    const { clock, bus, mappings, namesOf } = world();
    const beganMs = clock.nowMs();

    const result = await clock.until(
      pause({ consumer: drained, bus, waitMs: 60_000, clock, why: "migration", by: "ops" }),
    );

    expect(result).toMatchObject({ changed: true, arrived: true, mapping: undefined });
    expect(await namesOf()).toEqual(["manual"]);
    expect(mappings.updates).toEqual([]);
    expect(clock.nowMs()).toBe(beganMs);
  });

  it("closes the mapping itself where there is no governor, waits for it, and says so", async () => {
    const { pause, mappings, namesOf } = world();

    const result = await pause();

    expect(result).toMatchObject({ changed: true, arrived: true, hasGovernor: false, others: [] });
    expect(result.hold).toMatchObject({ name: "manual", why: "migration", by: "ops" });
    expect(mappings.updates).toEqual([{ consumer: "Charge", enabled: false }]);
    expect(await namesOf()).toEqual(["manual"]);
  });

  it("changes nothing when it is said twice, and tells who paused and why", async () => {
    const { pause, mappings, clock } = world();
    await pause();
    await clock.advance(3_600_000);

    const again = await pause("something else");

    expect(again).toMatchObject({ changed: false, arrived: true, hold: { why: "migration" } });
    expect(mappings.updates).toHaveLength(1);
  });

  it("leaves the mapping to the governor where there is one", async () => {
    const { clock, parts, mappings, schedule } = governorWorld();
    schedule();
    const bus: BusHolds = { holds: parts.holds, mappings, hasGovernor: async () => true };

    const result = await clock.until(pause({ consumer, bus, waitMs: 60_000, clock, why: "", by: "ops" }));

    expect(result).toMatchObject({ changed: true, arrived: true, hasGovernor: true });
    expect(mappings.updates).toEqual([{ consumer: "Charge", enabled: false }]);
  });

  it("tells how far it came where the governor does not come", async () => {
    const { pause, mappings, clock } = world({ hasGovernor: true });
    const beganMs = clock.nowMs();

    const result = await pause();

    expect(result).toMatchObject({ changed: true, arrived: false, mapping: { state: "Enabled" } });
    expect(mappings.updates).toEqual([]);
    expect(clock.nowMs() - beganMs).toBe(60_000);
  });

  it("does not touch a mapping that it may not know to be its own to touch", async () => {
    const { clock, bus, mappings } = world();

    await clock.until(
      pause({
        consumer,
        bus: { ...bus, hasGovernor: async () => undefined },
        waitMs: 5_000,
        clock,
        why: "",
        by: "ops",
      }),
    );

    expect(mappings.updates).toEqual([]);
  });

  it("asks again while another change of the mapping is under way", async () => {
    const { pause, mappings } = world();
    await mappings.update("Charge", { maximumConcurrency: 5 });

    expect(await pause()).toMatchObject({ arrived: true });
    expect(mappings.updates.at(-1)).toEqual({ consumer: "Charge", enabled: false });
  });

  it("writes beside a breaker, and tells of it", async () => {
    const { pause, holds, namesOf } = world();
    await holds.open("Charge", broken, "consumer");

    expect((await pause()).others).toEqual([broken]);
    expect(await namesOf()).toEqual(["breaker:payments", "manual"]);
  });

  it("says what to deploy where holds cannot be kept", async () => {
    const { clock, bus } = world();
    const none = () => Promise.reject(new HoldError("holds-missing", "there is no table shop-jobs"));
    const without = { ...bus, holds: { ...bus.holds, open: none } };

    await expect(
      clock.until(pause({ consumer, bus: without, waitMs: 1_000, clock, why: "", by: "ops" })),
    ).rejects.toThrow("there is no table shop-jobs");
  });
});

describe("resume", () => {
  it("lifts the hold and waits for nothing where a schedule drains it", async () => {
    const { clock, bus, holds, mappings, namesOf } = world();
    await holds.open("Charge", { name: "manual", sinceMs: 1, why: "", by: "ops" }, "person");

    const result = await clock.until(resume({ consumer: drained, bus, waitMs: 60_000, clock }));

    expect(result).toMatchObject({ changed: true, arrived: true, mapping: undefined });
    expect(await namesOf()).toEqual([]);
    expect(mappings.updates).toEqual([]);
  });

  it("opens what was paused, and tells for how long", async () => {
    const { pause, resume, namesOf, mappings } = world();
    await pause();

    expect(await resume()).toMatchObject({ changed: true, arrived: true, hold: { why: "migration" } });
    expect(await namesOf()).toEqual([]);
    expect(mappings.facts("Charge")?.state).toBe("Enabled");
  });

  it("changes nothing where nothing is paused", async () => {
    const { resume, mappings } = world();

    expect(await resume()).toMatchObject({ changed: false, arrived: true, hold: undefined });
    expect(mappings.updates).toEqual([]);
  });

  it("does not open what is held by something else", async () => {
    const { pause, resume, holds, mappings, namesOf } = world();
    await pause();
    await holds.open("Charge", broken, "consumer");

    expect(await resume()).toMatchObject({ changed: true, arrived: true, others: [broken] });
    expect(await namesOf()).toEqual(["breaker:payments"]);
    expect(mappings.facts("Charge")?.state).toBe("Disabled");
  });

  it("waits while the mapping is still on its way down", async () => {
    const { clock, bus, resume, mappings } = world({ settleMs: 40_000 });
    await clock.until(pause({ consumer, bus, waitMs: 1_000, clock, why: "", by: "ops" }));
    expect(mappings.facts("Charge")?.state).toBe("Disabling");

    expect(await resume()).toMatchObject({ changed: true, arrived: false, mapping: { state: "Enabling" } });
  });
});

describe("readStatus", () => {
  const of = (bus: BusHolds) => async () => (await readStatus([consumer], () => bus))[0];

  it("tells each state, from what holds the consumer and from its mapping", async () => {
    const { bus, clock, holds, mappings, pause } = world();
    const look = of(bus);
    const stateOf = async () => (await look())?.consumers[0]?.state;

    expect(await stateOf()).toBe("running");
    await holds.open("Charge", broken, "consumer");
    expect(await stateOf()).toBe("closing");
    await pause();
    expect(await stateOf()).toBe("held");
    const [paused] = (await holds.read(["Charge"]))[0]?.holds.slice(1) ?? [];
    if (paused) await holds.lift("Charge", paused, "person");
    await holds.lift("Charge", broken, "governor", { step: 2 });
    expect(await stateOf()).toBe("opening");
    await mappings.update("Charge", { enabled: true, maximumConcurrency: 2 });
    await clock.advance(10_000);
    expect(await stateOf()).toBe("recovering");
    mappings.remove("Charge");
    expect(await stateOf()).toBe("no mapping");
  });

  it("tells of one that a schedule drains what holds it, and misses no mapping", async () => {
    const { bus, holds, mappings } = world();
    mappings.remove("Charge");
    const look = async () => (await readStatus([drained], () => bus))[0]?.consumers[0];

    expect(await look()).toMatchObject({ state: "running", mapping: "by schedule" });
    await holds.open("Charge", broken, "consumer");
    expect(await look()).toMatchObject({ state: "held", holds: [{ name: "breaker:payments" }] });
  });

  it("tells holds, probe and recovery", async () => {
    const { bus, holds } = world({ hasGovernor: true });
    const note = { atMs: 1, nextMs: 2, verdict: "down", why: "503" } as const;
    await holds.open("Charge", broken, "consumer");
    await holds.noteProbe("Charge", note);

    expect(await of(bus)()).toEqual({
      bus: "shop",
      hasGovernor: true,
      problem: undefined,
      consumers: [
        {
          ...consumer,
          state: "closing",
          mapping: "Enabled",
          maximumConcurrency: 10,
          holds: [broken],
          probe: note,
          ramp: undefined,
        },
      ],
    });
  });

  it("tells mappings where holds cannot be read, and why not", async () => {
    const { bus } = world();
    const read = () => Promise.reject(new HoldError("holds-missing", "there is no table shop-jobs"));

    const found = await of({ ...bus, holds: { ...bus.holds, read } })();

    expect(found).toMatchObject({
      problem: "there is no table shop-jobs",
      consumers: [{ state: "running", holds: [] }],
    });
  });
});

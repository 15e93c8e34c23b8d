import { describe, expect, it } from "@jest/globals";
import type { ProbeAnswer } from "../../src/breaker/index.ts";
import type { GovernorParts } from "../../src/governor/index.ts";
import { type GovernorWorld, governorWorld } from "../helpers/governor-world.ts";

const paused = { name: "manual", sinceMs: 1, why: "migration", by: "ops" } as const;

/** What a governor's mapping was told, in order. */
const toldOf = ({ mappings }: GovernorWorld) =>
  mappings.updates.map(({ enabled, maximumConcurrency }) =>
    [enabled === undefined ? "" : enabled ? "on" : "off", maximumConcurrency ?? ""].join(" ").trim(),
  );

describe("govern", () => {
  it("ends at once, with nothing changed, where nothing is held", async () => {
    const world = governorWorld();

    expect(await world.clock.until(world.run())).toBe("idle");

    expect(world.mappings.updates).toEqual([]);
    expect(world.probed).toEqual([]);
  });

  it("closes a held consumer, probes it every ten seconds, and opens it step by step when its partner is back", async () => {
    const world = governorWorld();
    const { clock } = world;
    world.schedule();
    await world.breaks("Charge", "payments");
    const brokeMs = clock.nowMs();

    await clock.advance(60_000);
    expect(world.stateOf()).toBe("Disabled 10");
    world.down.delete("payments");
    const backMs = clock.nowMs();
    await clock.advance(10_000);
    expect(await world.namesOf("Charge")).toEqual([]);
    await clock.advance(140_000);

    expect(world.stateOf()).toBe("Enabled 10");
    expect(toldOf(world)).toEqual(["off", "on 2", "5", "10"]);
    const gaps = world.probed.map(({ atMs }, index) => atMs - (world.probed[index - 1]?.atMs ?? brokeMs));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(10_000);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(9_000);
    expect((world.probed.at(-1)?.atMs ?? 0) - backMs).toBeLessThanOrEqual(10_000);
    expect((await world.holds.read(["Charge"]))[0]?.ramp).toBeUndefined();
  });

  it("probes on through the ends of its invocations, with no gap between two governors", async () => {
    const world = governorWorld();
    world.schedule();
    await world.breaks("Charge", "payments");

    await world.clock.advance(1_800_000);

    const gaps = world.probed.slice(1).map(({ atMs }, index) => atMs - (world.probed[index]?.atMs ?? 0));
    expect(gaps.length).toBeGreaterThan(180);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(12_000);
  });

  it("puts a held mapping back that a deployment has enabled, and enables one that it has disabled", async () => {
    const world = governorWorld({
      consumers: [
        { consumer: "Charge", queue: "shop-Charge", maximumConcurrency: 10 },
        { consumer: "Points", queue: "shop-Points", maximumConcurrency: 10 },
      ],
    });
    world.schedule();
    await world.holds.open("Charge", paused, "person");
    await world.clock.advance(120_000);

    world.mappings.deploy("Charge", { enabled: true });
    world.mappings.deploy("Points", { enabled: false });
    await world.clock.advance(120_000);

    expect(world.stateOf("Charge")).toBe("Disabled 10");
    expect(world.stateOf("Points")).toBe("Enabled 10");
  });

  it("goes on with a recovery that a deployment has overtaken, to what is planned now", async () => {
    const world = governorWorld();
    world.schedule();
    await world.breaks("Charge", "payments");
    await world.clock.advance(30_000);
    world.down.clear();
    await world.clock.advance(26_000);
    expect(world.stateOf()).toBe("Enabled 2");

    world.mappings.deploy("Charge", { maximumConcurrency: 20 });
    await world.clock.advance(240_000);

    expect(toldOf(world).slice(1)).toEqual(["on 2", "2", "5", "10", "20"]);
    expect(world.stateOf()).toBe("Enabled 20");
  });

  it("never lifts what a person has paused, nor probes by a message meanwhile, and goes on when that is over", async () => {
    const world = governorWorld();
    world.schedule();
    await world.breaks("Charge", "payments");
    await world.clock.advance(30_000);
    const before = world.probed.length;
    await world.holds.open("Charge", paused, "person");
    world.down.clear();

    await world.clock.advance(300_000);
    expect(await world.namesOf("Charge")).toEqual(["manual", "breaker:payments"]);
    expect(world.probed).toHaveLength(before);
    expect(world.stateOf()).toBe("Disabled 10");
    await world.holds.lift("Charge", paused, "person");
    await world.clock.advance(300_000);

    expect(world.stateOf()).toBe("Enabled 10");
  });

  it("opens a resumed consumer as it was, without a recovery", async () => {
    const world = governorWorld();
    world.schedule();
    await world.holds.open("Charge", paused, "person");
    await world.clock.advance(60_000);
    await world.holds.lift("Charge", paused, "person");
    await world.clock.advance(60_000);

    expect(toldOf(world)).toEqual(["off", "on"]);
  });

  it("waits for a disabling that takes long, and is refused no update that it could have known of", async () => {
    const world = governorWorld({ settleMs: 90_000 });
    world.schedule();
    await world.breaks("Charge", "payments");
    await world.clock.advance(20_000);
    expect(world.stateOf()).toBe("Disabling 10");
    world.down.clear();

    await world.clock.advance(900_000);

    expect(toldOf(world)).toEqual(["off", "on 2", "5", "10"]);
    expect(world.stateOf()).toBe("Enabled 10");
  });

  it("asks again when Lambda says that an update is under way already", async () => {
    const world = governorWorld();
    let refusals = 5;
    const mappings: GovernorParts["mappings"] = {
      ...world.mappings,
      update: async (uuid, change) => (refusals-- > 0 ? "busy" : world.mappings.update(uuid, change)),
    };
    world.schedule(() => ({ ...world.parts, mappings }));
    await world.holds.open("Charge", paused, "person");

    await world.clock.advance(60_000);

    expect(world.stateOf()).toBe("Disabled 10");
  });

  it("keeps a flapping partner's consumer at two at once, and loses it to no full opening", async () => {
    const world = governorWorld();
    world.schedule();
    let most = 0;
    for (let flap = 0; flap < 5; flap++) {
      await world.breaks("Charge", "payments");
      await world.clock.advance(40_000);
      world.down.clear();
      // Up just long enough for the probe, and for the mapping to open.
      for (let second = 0; second < 30; second++) {
        await world.clock.advance(1_000);
        const facts = world.mappings.facts("Charge");
        if (flap > 0 && facts?.state === "Enabled") most = Math.max(most, facts.maximumConcurrency ?? 0);
      }
    }

    expect(most).toBeLessThanOrEqual(2);
    world.down.clear();
    await world.clock.advance(300_000);
    expect(world.stateOf()).toBe("Enabled 10");
  });

  it("holds until the last of two dependencies is back", async () => {
    const world = governorWorld();
    world.schedule();
    await world.breaks("Charge", "payments");
    await world.breaks("Charge", "stock");
    await world.clock.advance(60_000);

    // The handler meets payments first; stock is found out about behind it.
    world.down.delete("payments");
    await world.clock.advance(60_000);
    expect(await world.namesOf("Charge")).toContain("breaker:stock");
    expect(world.stateOf()).toBe("Disabled 10");
    world.down.delete("stock");
    await world.clock.advance(300_000);

    expect(await world.namesOf("Charge")).toEqual([]);
    expect(world.stateOf()).toBe("Enabled 10");
  });

  it("asks own probes for each dependency, and lifts the one that is back", async () => {
    const world = governorWorld();
    world.schedule();
    await world.breaks("Charge", "payments", { own: true });
    await world.breaks("Charge", "stock", { own: true });
    await world.clock.advance(15_000);
    world.down.delete("stock");
    await world.clock.advance(10_000);

    expect(await world.namesOf("Charge")).toEqual(["breaker:payments"]);
    expect(new Set(world.probed.map(({ dependency }) => dependency))).toEqual(new Set(["payments", "stock"]));
  });

  it("notes a dependency that a probe has found down besides", async () => {
    const world = governorWorld();
    world.schedule();
    await world.breaks("Charge", "payments");
    await world.clock.advance(5_000);
    world.down.clear();
    world.down.add("stock");

    await world.clock.advance(10_000);

    expect(await world.namesOf("Charge")).toEqual(["breaker:payments", "breaker:stock"]);
    const [item] = await world.holds.read(["Charge"]);
    expect(item?.holds[1]).toMatchObject({ by: "governor", why: "stock is down" });
  });

  it("does not let a probe that hangs hold up other consumers', or its own next one", async () => {
    const asked: string[] = [];
    const world = governorWorld({
      consumers: ["Slow", "Charge"].map((consumer) => ({
        consumer,
        queue: `shop-${consumer}`,
        maximumConcurrency: 10,
      })),
      probes: {
        letThrough: ({ consumer }): Promise<ProbeAnswer> => {
          asked.push(consumer);
          return consumer === "Slow" ? new Promise(() => {}) : Promise.resolve({ verdict: "up" });
        },
      },
    });
    world.schedule();
    await world.breaks("Slow", "payments");
    await world.breaks("Charge", "payments");

    await world.clock.advance(12_000);
    expect(await world.namesOf("Charge")).toEqual([]);
    await world.clock.advance(60_000);

    expect(asked.filter((one) => one === "Slow").length).toBeGreaterThan(2);
    expect((await world.holds.read(["Slow"]))[0]?.probe).toMatchObject({
      verdict: "unknown",
      why: "no answer within 20000 ms",
    });
  });

  it("passes by messages that teach nothing, a few in one probe", async () => {
    let answers: (ProbeAnswer & { isEmpty?: boolean })[] = [];
    let asked = 0;
    const world = governorWorld({
      probes: {
        letThrough: async () => {
          asked++;
          return answers.shift() ?? { verdict: "unknown", why: "nothing ran: duplicate" };
        },
      },
    });
    world.schedule();
    await world.breaks("Charge", "payments");
    answers = [{ verdict: "unknown", isEmpty: true, why: "the queue shows no message" }];
    await world.clock.advance(11_000);
    expect(asked).toBe(1);
    await world.clock.advance(10_000);
    expect(asked).toBe(6);
    expect((await world.holds.read(["Charge"]))[0]?.probe?.verdict).toBe("unknown");

    answers = [{ verdict: "unknown" }, { verdict: "up" }];
    await world.clock.advance(10_000);

    expect(await world.namesOf("Charge")).toEqual([]);
  });

  it("finds out by the mapping at its smallest where a dependency cannot be probed at all", async () => {
    const world = governorWorld({
      probes: { letThrough: async () => ({ verdict: "unknown", why: "AccessDenied: kms:Decrypt" }) },
    });
    world.schedule();
    await world.breaks("Charge", "payments");

    await world.clock.advance(50_000);
    expect(await world.namesOf("Charge")).toEqual(["breaker:payments"]);
    await world.clock.advance(10_000);
    expect(await world.namesOf("Charge")).toEqual([]);
    await world.clock.advance(15_000);

    expect(world.stateOf()).toBe("Enabled 2");
    expect(world.lines.some(({ message }) => String(message).includes("cannot be probed"))).toBe(true);
  });

  it("waits as long as it takes for a message where the queue shows none", async () => {
    const world = governorWorld({
      probes: { letThrough: async () => ({ verdict: "unknown", why: "none", isEmpty: true }) },
    });
    world.schedule();
    await world.breaks("Charge", "payments");

    await world.clock.advance(600_000);

    expect(await world.namesOf("Charge")).toEqual(["breaker:payments"]);
  });

  it("holds a queue with too much in flight, and lets it go on when half is back", async () => {
    const world = governorWorld();
    world.schedule();
    world.inFlight.set("shop-Charge", 96_000);

    await world.clock.advance(90_000);
    expect(await world.namesOf("Charge")).toEqual(["overflow"]);
    expect(world.stateOf()).toBe("Disabled 10");
    world.inFlight.set("shop-Charge", 60_001);
    await world.clock.advance(120_000);
    expect(world.stateOf()).toBe("Disabled 10");
    world.inFlight.set("shop-Charge", 60_000);
    await world.clock.advance(90_000);

    expect(await world.namesOf("Charge")).toEqual([]);
    expect(world.stateOf()).toBe("Enabled 10");
  });

  it("goes on with all others where one consumer cannot be governed", async () => {
    const world = governorWorld({
      consumers: ["Broken", "Charge"].map((consumer) => ({ consumer, queue: `shop-${consumer}` })),
    });
    const mappings: GovernorParts["mappings"] = {
      ...world.mappings,
      update: (uuid, change) =>
        uuid === "Broken" ? Promise.reject(new Error("denied")) : world.mappings.update(uuid, change),
    };
    world.schedule(() => ({ ...world.parts, mappings }));
    await world.holds.open("Broken", paused, "person");
    await world.holds.open("Charge", paused, "person");

    await world.clock.advance(30_000);

    expect(world.stateOf("Charge")).toBe("Disabled unset");
    expect(world.lines.some(({ consumer, why }) => consumer === "Broken" && why === "denied")).toBe(true);
  });

  it("survives stores and Lambda that fail for a while, and spares them meanwhile", async () => {
    const world = governorWorld();
    let fails = false;
    let calls = 0;
    const flaky =
      <Words extends unknown[], Answer>(call: (...words: Words) => Promise<Answer>) =>
      (...words: Words): Promise<Answer> => {
        if (!fails) return call(...words);
        calls++;
        return Promise.reject(new Error("throttled"));
      };
    const { holds, mappings } = world;
    const parts: GovernorParts = {
      ...world.parts,
      holds: {
        ...holds,
        read: flaky(holds.read),
        lift: flaky(holds.lift),
        noteProbe: flaky(holds.noteProbe),
        moveRamp: flaky(holds.moveRamp),
      },
      mappings: { ...mappings, list: flaky(mappings.list), update: flaky(mappings.update) },
    };
    world.schedule(() => parts);
    await world.breaks("Charge", "payments");
    await world.clock.advance(30_000);
    fails = true;
    world.down.clear();
    await world.clock.advance(60_000);
    expect(calls).toBeLessThan(60);

    fails = false;
    await world.clock.advance(300_000);

    expect(world.stateOf()).toBe("Enabled 10");
  });

  it("probes on where only the notes of probes cannot be written", async () => {
    const world = governorWorld();
    const holds = { ...world.holds, noteProbe: () => Promise.reject(new Error("throttled")) };
    world.schedule(() => ({ ...world.parts, holds }));
    await world.breaks("Charge", "payments");

    await world.clock.advance(60_000);

    expect(world.probed.length).toBeGreaterThanOrEqual(5);
    expect(world.probed.length).toBeLessThanOrEqual(7);
  });

  it("measures once a minute for how long a consumer is held, by whatever", async () => {
    const world = governorWorld();
    world.schedule();
    await world.holds.open("Charge", { ...paused, sinceMs: world.clock.nowMs() }, "person");

    await world.clock.advance(300_000);

    const measured = world.lines.flatMap(({ _aws, HeldMs }) => (_aws ? [HeldMs as number] : []));
    expect(measured.length).toBeGreaterThanOrEqual(5);
    expect(measured.length).toBeLessThanOrEqual(7);
    expect(Math.max(...measured)).toBeGreaterThanOrEqual(240_000);
  });

  it("leaves a mapping that is gone", async () => {
    const world = governorWorld();
    await world.holds.open("Charge", paused, "person");
    const list = world.mappings.list;
    const mappings = {
      ...world.mappings,
      list: async () => {
        const found = await list();
        world.mappings.remove("Charge");
        return found;
      },
    };

    expect(await world.clock.until(world.run({ parts: { mappings } }))).toBe("idle");
  });

  it("lets one of five governors work, and the others stand by", async () => {
    const world = governorWorld();
    await world.breaks("Charge", "payments");

    const ends = Promise.all(Array.from({ length: 5 }, () => world.run({ standbyMs: 65_000 })));
    await world.clock.advance(60_000);
    expect(world.probed).toHaveLength(6);
    world.down.clear();
    await world.clock.advance(240_000);

    expect((await ends).filter((end) => end === "standby").length).toBeGreaterThanOrEqual(1);
    expect(world.stateOf()).toBe("Enabled 10");
    expect(toldOf(world)).toEqual(["off", "on 2", "5", "10"]);
  });

  it("ends when another governor has taken over, and has told nobody anything since", async () => {
    const world = governorWorld();
    await world.breaks("Charge", "payments");
    let renewals = 3;
    const leases = { ...world.parts.leases, renew: async () => renewals-- > 0 };

    const run = world.run({ parts: { leases } });
    await world.clock.advance(300_000);

    expect(await run).toBe("lost");
    expect(world.probed.length).toBeLessThanOrEqual(1);
  });
});

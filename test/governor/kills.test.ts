import { describe, expect, it } from "@jest/globals";
import type { GovernorParts } from "../../src/governor/index.ts";
import { type GovernorWorld, governorWorld } from "../helpers/governor-world.ts";

/** A governor's parts that die with their process at one call, before it has an effect or after. */
function dying(parts: GovernorParts, atCall: number, moment: "before" | "after") {
  let calls = 0;
  const never = () => new Promise<never>(() => {});
  const mortal = <Port extends object>(port: Port): Port =>
    Object.fromEntries(
      Object.entries(port).map(([name, call]) => [
        name,
        typeof call !== "function"
          ? call
          : async (...words: unknown[]) => {
              calls++;
              if (calls > atCall || (calls === atCall && moment === "before")) return never();
              const answer = await (call as (...words: unknown[]) => unknown)(...words);
              return calls >= atCall ? never() : answer;
            },
      ]),
    ) as Port;
  const dead: GovernorParts = {
    ...parts,
    leases: mortal(parts.leases),
    holds: mortal(parts.holds),
    mappings: mortal(parts.mappings),
    probes: mortal(parts.probes),
    inFlight: mortal({ inFlight: parts.inFlight }).inFlight,
  };
  return { parts: dead, calls: () => calls };
}

/** An outage of 50 s, from the breaker to full concurrency again; answers when payments were probed in vain. */
async function outage(world: GovernorWorld): Promise<void> {
  await world.breaks("Charge", "payments");
  for (let second = 0; second < 50; second++) {
    await world.clock.advance(1_000);
    // While the partner is down the consumer is never opened again, whatever has died.
    expect(world.mappings.updates.some(({ enabled }) => enabled === true)).toBe(false);
  }
  world.down.clear();
  await world.clock.advance(400_000);
}

async function expectRecovered(world: GovernorWorld, what: string): Promise<void> {
  const [item] = await world.holds.read(["Charge"]);
  const { holds, ramp } = item ?? {};
  expect([what, world.stateOf(), holds, ramp]).toEqual([what, "Enabled 10", [], undefined]);
}

describe("a governor that is killed", () => {
  it.each(["before", "after"] as const)(
    "leaves nothing undone, at whichever call, %s its effect",
    async (moment) => {
      const counting = governorWorld();
      const counted = dying(counting.parts, Number.POSITIVE_INFINITY, moment);
      counting.schedule(() => counted.parts);
      await outage(counting);
      await expectRecovered(counting, "not killed");
      expect(counted.calls()).toBeGreaterThan(60);

      for (let atCall = 1; atCall <= counted.calls(); atCall++) {
        const world = governorWorld();
        // One process after the other lives as long; the last kill's successors live on.
        const { parts } = dying(world.parts, atCall, moment);
        let first = true;
        world.schedule(() => {
          const use = first ? parts : world.parts;
          first = false;
          return use;
        });
        await outage(world);
        await expectRecovered(world, `killed ${moment} call ${atCall}`);
      }
    },
  );

  it("is followed within seconds when its lease is over, so that probes go on", async () => {
    const world = governorWorld();
    const { parts } = dying(world.parts, 30, "after");
    let first = true;
    world.schedule(() => {
      const use = first ? parts : world.parts;
      first = false;
      return use;
    });
    await world.breaks("Charge", "payments");

    await world.clock.advance(600_000);

    const gaps = world.probed.slice(1).map(({ atMs }, index) => atMs - (world.probed[index]?.atMs ?? 0));
    // A schedule's minute at most, until there is one that stands by.
    expect(Math.max(...gaps)).toBeLessThanOrEqual(75_000);
    expect(gaps.slice(-20).every((gap) => gap <= 12_000)).toBe(true);
  });

  it("is killed over and over, and the consumer recovers all the same", async () => {
    const world = governorWorld();
    let invocations = 0;
    world.schedule(() => dying(world.parts, 12 + (invocations++ % 7), "after").parts);
    await world.breaks("Charge", "payments");
    await world.clock.advance(120_000);
    world.down.clear();

    await world.clock.advance(3_600_000);

    await expectRecovered(world, "killed by every run");
  });
});

import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type StreamRecord, allShards as shards } from "../../src/outbox/index.ts";
import { type Fate, mortality } from "../helpers/mortal.ts";
import { outboxWorld, relaySettings } from "../helpers/outbox-world.ts";

const orders = 40;
const all = { beforeMs: Date.parse("9000-01-01T00:00:00Z"), afterMs: 0, most: 9 };
const fates = ["dies-before", "dies-after", "throws-before", "throws-after"] as const;

/**
 * Relays that die, fail, are throttled and race each other, over a stream that repeats its batches in any order; then one
 * sweep of one that lives. Answers what the topic took, and how much of it all there was.
 */
async function play(script: { readonly seed: number; readonly rate: number; readonly relays: number }) {
  let throttles = 0;
  const world = outboxWorld({
    seed: script.seed,
    onMessage: () => {
      if (isOver || world.clock.random() > 0.5) return undefined;
      throttles++;
      return { ok: false, code: "Throttling", message: "slow down", retryable: true };
    },
  });
  let isOver = false;
  let failures = 0;
  const fate: Fate = () => {
    if (world.clock.random() >= script.rate) return "lives";
    const end = fates[Math.floor(world.clock.random() * fates.length)] ?? "lives";
    if (end.startsWith("throws")) failures++;
    return end;
  };
  const mortals = mortality(fate);
  const records: StreamRecord[] = [];
  for (let order = 0; order < orders; order++) records.push(await world.write(order));

  const one = async () => {
    for (let rounds = 0; rounds < 6; rounds++) {
      const mortal = mortals.process();
      const handler = world.process({
        store: mortal.wrap(world.store, { mayThrow: true }),
        topics: mortal.wrap(world.topics, { mayThrow: true }),
      });
      const from = Math.floor(world.clock.random() * orders);
      const batch = records.slice(from, from + 15).sort(() => world.clock.random() - 0.5);
      const event = world.clock.random() < 0.3 ? {} : { Records: batch };
      const work = handler(event, { getRemainingTimeInMillis: () => 300_000 });
      await mortal.run(work.catch(() => undefined));
      await new Promise<void>((resolve) => world.clock.after(30_000 * world.clock.random(), resolve));
    }
  };
  await world.clock.until(Promise.all(Array.from({ length: script.relays }, one)));
  isOver = true;
  // Longer than the grace and than the lease of a sweep that died.
  await world.clock.advance(relaySettings.graceMs + 60_001);
  await world.sweep();
  return { world, deaths: mortals.deaths, failures, throttles };
}

describe("relays that are killed at any call", () => {
  it("lose no row, change no byte and make up no event, however many race", async () => {
    let deaths = 0;
    let failures = 0;
    let throttles = 0;
    let repeats = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.integer({ min: 1, max: 1_000_000 }),
          rate: fc.double({ min: 0.02, max: 0.4, noNaN: true }),
          relays: fc.constantFrom(1, 2, 5),
        }),
        async (script) => {
          const played = await play(script);
          const { world } = played;
          const bodies = new Map<string, Set<string>>();
          for (const { id, body } of world.taken()) bodies.set(id, (bodies.get(id) ?? new Set()).add(body));

          expect(bodies.size).toBe(orders);
          expect([...bodies.values()].every(({ size }) => size === 1)).toBe(true);
          expect(world.store.waiting).toBe(0);
          deaths += played.deaths;
          failures += played.failures;
          throttles += played.throttles;
          repeats += world.taken().length - orders;
        },
      ),
      { numRuns: 25, seed: 7 },
    );

    // Fewer would have shown nothing.
    expect(deaths).toBeGreaterThan(50);
    expect(failures).toBeGreaterThan(50);
    expect(throttles).toBeGreaterThan(50);
    expect(repeats).toBeGreaterThan(50);
  });

  it("lose rows where one removes before it publishes: the check sees it", async () => {
    const world = outboxWorld();
    const record = await world.write(1);
    const store = new Proxy(world.store, {
      get: (target, name) => (name === "remove" ? async () => {} : Reflect.get(target, name)),
    });
    const mortal = mortality((call) => (call === 1 ? "dies-before" : "lives")).process();
    const topics = mortal.wrap(world.topics);
    const [row] = (await Promise.all(shards.map((shard) => world.store.due(shard, all)))).flat();
    await world.store.remove(row ? [row.place] : []);

    await mortal.run(
      world.process({ store, topics })({ Records: [record] }, { getRemainingTimeInMillis: () => 1 }),
    );
    await world.clock.advance(relaySettings.graceMs + 60_001);
    await world.sweep();

    expect(world.taken()).toEqual([]);
  });
});

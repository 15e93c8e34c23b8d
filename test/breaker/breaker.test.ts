import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { type Breaker, createBreaker, type HoldStore, inMemoryHolds } from "../../src/breaker/index.ts";

const outage = { failures: 5, windowMs: 30_000, probeMs: 10_000 };

function world({
  store = inMemoryHolds(),
  ownProbe = false,
}: {
  store?: HoldStore;
  ownProbe?: boolean;
} = {}) {
  const clock = virtualClock();
  const lines: Record<string, unknown>[] = [];
  const calls = { read: 0, open: 0 };
  const counted: HoldStore = {
    ...store,
    read: (consumers) => {
      calls.read++;
      return store.read(consumers);
    },
    open: (...words) => {
      calls.open++;
      return store.open(...words);
    },
  };
  const make = () =>
    createBreaker({
      ...outage,
      consumer: "Charge",
      store: counted,
      ownProbe,
      clock,
      sink: (line) => lines.push(JSON.parse(line)),
    });
  return { clock, store, calls, lines, make, breaker: make() };
}

const fail = (breaker: Breaker, count: number, dependency = "payments") => {
  for (let index = 0; index < count; index++) breaker.failed(dependency, `${dependency} is down: 503`);
};
const holdsOf = async (store: HoldStore) => (await store.read(["Charge"]))[0]?.holds ?? [];

describe("createBreaker", () => {
  it("opens past the threshold, in this process at once, and writes one hold", async () => {
    const { breaker, store, calls, clock } = world();

    fail(breaker, 4);
    expect(breaker.held()).toBeUndefined();
    fail(breaker, 6);
    expect(breaker.held()?.name).toBe("breaker:payments");
    await breaker.settle();
    await breaker.settle();

    expect(calls.open).toBe(1);
    expect(await holdsOf(store)).toEqual([
      {
        name: "breaker:payments",
        sinceMs: clock.nowMs(),
        why: "payments is down: 503",
        by: "Charge",
        probe: { everyMs: 10_000, own: false },
      },
    ]);
  });

  it("writes nothing before the threshold, and nothing at all when all is well", async () => {
    const { breaker, calls } = world();

    fail(breaker, 4);
    for (let index = 0; index < 100; index++) breaker.ended();
    await breaker.settle();

    expect(calls).toEqual({ read: 0, open: 0 });
  });

  it("asks once in five seconds, however often it is looked", async () => {
    const { breaker, calls, clock } = world();

    for (let second = 0; second < 12; second++) {
      await Promise.all(Array.from({ length: 20 }, () => breaker.look()));
      await clock.advance(1_000);
    }

    expect(calls.read).toBe(3);
  });

  it("learns of another process's breaker, and of its end", async () => {
    const { breaker, store, clock, make } = world();
    const other = make();
    expect(await breaker.look()).toBeUndefined();
    fail(other, 5);
    await other.settle();

    await clock.advance(5_000);
    expect((await breaker.look())?.name).toBe("breaker:payments");
    const [hold] = await holdsOf(store);
    if (hold) await store.lift("Charge", hold, "governor");
    await clock.advance(5_000);

    expect(await breaker.look()).toBeUndefined();
  });

  it("tells the store which dependencies the consumer's own probe can ask, and which it cannot", async () => {
    const { breaker, store } = world({ ownProbe: true });

    fail(breaker, 5, "payments");
    fail(breaker, 5, "ledger");
    await breaker.settle();

    expect((await holdsOf(store)).map(({ name, probe }) => [name, probe?.own])).toEqual([
      ["breaker:payments", true],
      ["breaker:ledger", false],
    ]);
  });

  it("runs as if nothing held it when holds cannot be read, and says so once", async () => {
    const down: HoldStore = { ...inMemoryHolds(), read: () => Promise.reject(new Error("no route")) };
    const { breaker, lines, clock } = world({ store: down });

    for (let look = 0; look < 3; look++) {
      expect(await breaker.look()).toBeUndefined();
      await clock.advance(5_000);
    }

    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: "warn", why: "no route" });
  });

  it("waits a second for an answer about holds, and not for one batch after the other", async () => {
    const hung: HoldStore = { ...inMemoryHolds(), read: () => new Promise(() => {}) };
    const { breaker, clock } = world({ store: hung });
    const beganMs = clock.nowMs();

    expect(await clock.until(breaker.look())).toBeUndefined();
    expect(await breaker.look()).toBeUndefined();

    expect(clock.nowMs() - beganMs).toBe(1_000);
  });

  it("holds back by itself for five seconds when the hold cannot be written, and writes it when it can", async () => {
    const memory = inMemoryHolds();
    let isDown = true;
    const store: HoldStore = {
      ...memory,
      read: (consumers) => (isDown ? Promise.reject(new Error("down")) : memory.read(consumers)),
      open: (...words) => (isDown ? Promise.reject(new Error("down")) : memory.open(...words)),
    };
    const { breaker, clock } = world({ store });
    fail(breaker, 5, "ledger");
    await breaker.settle();

    expect((await breaker.look())?.name).toBe("breaker:ledger");
    await clock.advance(5_000);
    expect(await breaker.look()).toBeUndefined();
    isDown = false;
    fail(breaker, 5, "ledger");
    await breaker.settle();

    expect((await holdsOf(memory)).map(({ name }) => name)).toEqual(["breaker:ledger"]);
  });

  it("does not write a hold that is out of date by the time it could be written", async () => {
    const memory = inMemoryHolds();
    let isDown = true;
    const store: HoldStore = {
      ...memory,
      open: (...words) => (isDown ? Promise.reject(new Error("down")) : memory.open(...words)),
    };
    const { breaker, clock } = world({ store });
    fail(breaker, 5);
    await breaker.settle();
    await clock.advance(5_000);
    await breaker.settle();

    isDown = false;
    breaker.ended();
    await breaker.settle();

    expect(await holdsOf(memory)).toEqual([]);
  });

  it("keeps what opened here while an older answer was on its way", async () => {
    const memory = inMemoryHolds();
    const answer = Promise.withResolvers<void>();
    const slow: HoldStore = {
      ...memory,
      read: async (consumers) => {
        const found = await memory.read(consumers);
        await answer.promise;
        return found;
      },
    };
    const { breaker } = world({ store: slow });
    const looking = breaker.look();

    fail(breaker, 5);
    answer.resolve();
    await looking;

    expect(breaker.held()?.name).toBe("breaker:payments");
  });

  it("can open again by new failures when it was lifted, and not by the old ones", async () => {
    const { breaker, store, clock, calls } = world();
    fail(breaker, 5);
    await breaker.settle();
    const [hold] = await holdsOf(store);
    if (hold) await store.lift("Charge", hold, "governor");
    await clock.advance(5_000);
    await breaker.look();

    fail(breaker, 4);
    await breaker.settle();
    expect(calls.open).toBe(1);
    fail(breaker, 1);
    await breaker.settle();

    expect(calls.open).toBe(2);
  });

  it("is held by a breaker as long as somebody probes, and five minutes longer", async () => {
    const { breaker, store, clock } = world();
    fail(breaker, 5);
    await breaker.settle();
    await clock.advance(280_000);
    const note = {
      atMs: clock.nowMs(),
      nextMs: clock.nowMs() + 10_000,
      verdict: "down",
      why: "503",
    } as const;
    await store.noteProbe("Charge", note);
    await clock.advance(300_000);
    expect((await breaker.look())?.name).toBe("breaker:payments");

    await clock.advance(5_000);

    expect(await breaker.look()).toBeUndefined();
  });

  it("is held by a person for as long as that person wants", async () => {
    const { breaker, store, clock } = world();
    await store.open("Charge", { name: "manual", sinceMs: clock.nowMs(), why: "", by: "ops" }, "person");

    await clock.advance(30 * 86_400_000);

    expect((await breaker.look())?.name).toBe("manual");
  });

  it("asks anew after it was told to forget", async () => {
    const { breaker, store, calls } = world();
    fail(breaker, 5);
    await breaker.settle();
    const [hold] = await holdsOf(store);
    if (hold) await store.lift("Charge", hold, "governor");

    breaker.forget();

    expect(await breaker.look()).toBeUndefined();
    expect(calls.read).toBe(1);
  });
});

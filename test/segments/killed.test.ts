import { beforeAll, describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import {
  type InMemoryObjects,
  type ObjectStore,
  type Segments,
  sealSpan,
  spanSealer,
  writeRaw,
} from "../../src/segments/index.ts";
import {
  beginMs,
  clockAt,
  copyOf,
  hourMs,
  line,
  notebook,
  results,
  sealAll,
  seen,
  watched,
} from "./notes.ts";

const spans = ["2026-11-27-01-00", "2026-11-27-02-00"];

interface World {
  readonly store: InMemoryObjects;
  /** Its segments as another process has them, now. */
  readonly at: (store: ObjectStore) => Segments;
}

/** The same for all tests: raw objects have names of chance, and these are in manifests. */
let first: World;
const aStore = async (): Promise<World> => ({ ...first, store: await copyOf(first.store) });

/** Two spans to be sealed, one of them sealed before a stray came; some lines are in both. */
async function makeStore(): Promise<World> {
  const { segments, clock, store } = notebook();
  const note = (id: string, minutes: number) => line({ id, timeMs: beginMs + minutes * 60_000 });
  await writeRaw(segments, [note("a", 1), note("b", 2), note("edge", 59)]);
  await writeRaw(segments, [note("b", 2), note("c", 30)]);
  const behind = notebook({ store });
  await clock.advance(2 * hourMs);
  await sealAll(segments);
  await writeRaw(behind.segments, [note("stray", 3), note("a", 1), note("next", 61)]);
  await behind.clock.advance(hourMs);
  await writeRaw(behind.segments, [note("edge", 59), note("next", 61), note("d", 90)]);
  await writeRaw(behind.segments, [note("d", 90), note("e", 110)]);
  const nowMs = clock.nowMs() + hourMs;
  return {
    store: store as InMemoryObjects,
    at: (other) => notebook({ store: other, clock: clockAt(nowMs) }).segments,
  };
}

/** A store of a process that dies at its call number `at`: that one and all later ones throw. */
function dyingStore(store: ObjectStore, at: number): { store: ObjectStore; died: () => boolean } {
  let calls = 0;
  const dying = watched(store, () => {
    if (++calls >= at) throw new Error(`killed at call ${at}`);
  });
  return { store: dying, died: () => calls >= at };
}

/** Up to five tries. */
async function patiently<T>(call: () => T | Promise<T>): Promise<T> {
  for (let left = 4; left > 0; left--) {
    try {
      return await call();
    } catch {}
  }
  return call();
}

let clean: { results: Readonly<Record<string, string>>; seen: readonly string[] };
beforeAll(async () => {
  first = await makeStore();
  const { store, at } = await aStore();
  expect(await sealAll(at(store))).toEqual(spans);
  clean = { results: results(store), seen: await seen(at(store)) };
});

describe("sealing without an accident", () => {
  it("shows each line once", () => {
    expect(clean.seen).toEqual([
      "a @ 2026-11-27-01-00/0/0",
      "b @ 2026-11-27-01-00/0/1",
      "c @ 2026-11-27-01-00/0/2",
      "edge @ 2026-11-27-01-00/0/3",
      "stray @ 2026-11-27-01-00/1/0",
      "next @ 2026-11-27-01-00/1/1",
      "d @ 2026-11-27-02-00/0/0",
      "e @ 2026-11-27-02-00/0/1",
    ]);
  });

  it("has nothing to do a second time", async () => {
    const { store, at } = await aStore();
    await sealAll(at(store));

    expect(await sealAll(at(store))).toEqual([]);
    expect(results(store)).toEqual(clean.results);
  });
});

describe("a sealer that is killed", () => {
  it("has shown readers a span whole or not at all, and the next one ends as if nothing had been", async () => {
    const { store: untouched, at } = await aStore();
    const before = await seen(at(untouched), { unsealed: false });
    let kills = 0;
    for (let call = 1; ; call++) {
      const store = await copyOf(untouched);
      const dying = dyingStore(store, call);
      const outcome = await sealAll(at(dying.store)).catch((error: Error) => error.message);
      if (!dying.died()) break;
      kills++;

      expect(outcome).toBe(`killed at call ${call}`);
      const sealed = await seen(at(store), { unsealed: false });
      const wholes = [before, clean.seen.slice(0, 6), clean.seen];
      expect(wholes).toContainEqual(sealed);
      // With what is not sealed yet, nothing that is in one span alone is missing, and nothing is there twice.
      const all = (await seen(at(store))).map((one) => one.split(" ")[0]);
      expect(new Set(all).size).toBe(all.length);
      expect(all).toEqual(expect.arrayContaining(["a", "b", "c", "edge", "d", "e"]));

      await sealAll(at(store));
      expect(results(store)).toEqual(clean.results);
    }
    expect(kills).toBeGreaterThan(20);
  });

  it("does no harm when its last call was carried out, though it never knew", async () => {
    const { store: untouched, at } = await aStore();
    for (let call = 1; ; call++) {
      const store = await copyOf(untouched);
      let puts = 0;
      const dying: ObjectStore = {
        ...store,
        async put(key, body, options) {
          if (puts >= call) throw new Error("dead");
          const result = await store.put(key, body, options);
          if (++puts >= call) throw new Error("the answer was lost");
          return result;
        },
      };
      const died = await sealAll(at(dying)).then(
        () => false,
        () => true,
      );
      if (!died) break;

      await sealAll(at(store));
      expect(results(store)).toEqual(clean.results);
      expect(call).toBeLessThan(50);
    }
  });
});

describe("a store that fails half the time", () => {
  it("is sealed in the end, to the same bytes", async () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const { store, at } = await aStore();
      const { random } = virtualClock({ seed });
      const fail = () => {
        if (random() < 0.5) throw new Error("503");
      };
      // Before the call or behind it; and tried again, as the SDK does, so that a write may meet its own.
      const flaky = watched(store, () => patiently(fail));
      const put: ObjectStore["put"] = (key, body, options) =>
        patiently(async () => {
          fail();
          const result = await store.put(key, body, options);
          fail();
          return result;
        });
      const segments = at({ ...flaky, put });
      const sealer = spanSealer(segments);
      let tries = 0;
      for (let left = 1; left > 0; tries++) {
        left = await sealAll(segments, sealer).then(
          (due) => due.length,
          () => 1,
        );
        expect(tries).toBeLessThan(500);
      }

      expect(results(store)).toEqual(clean.results);
      expect(await seen(at(store))).toEqual(clean.seen);
    }
  });
});

describe("five sealers at once", () => {
  it("end in the same state as one", async () => {
    const { store, at } = await aStore();
    // Each waits a little differently before each call, so that they cross.
    const sealers = [1, 2, 3, 4, 5].map((seed) => {
      const { random } = virtualClock({ seed });
      return at(
        watched(store, async () => {
          for (let turn = Math.floor(random() * 5); turn > 0; turn--) await new Promise(setImmediate);
        }),
      );
    });

    await Promise.all(sealers.map((segments) => sealAll(segments)));

    expect(await sealAll(at(store))).toEqual([]);
    expect(results(store)).toEqual(clean.results);
  });

  it("tells those who come too late that they were overtaken", async () => {
    const { store, at } = await aStore();
    const segments = at(store);
    const slow = at(
      watched(store, async (call, key) => {
        if (call === "put" && key.endsWith("manifest.json")) await sealAll(segments);
      }),
    );

    expect(await sealSpan(slow, "2026-11-27-02-00", { others: [] })).toEqual({ status: "overtaken" });
    expect(results(store)).toMatchObject(clean.results);
  });

  it("leaves the addresses of the later manifest for Athena", async () => {
    const { store, at } = await aStore();
    const segments = at(store);
    let shown = 0;
    const slow = at(
      watched(store, async (call, key) => {
        // Between its manifest and its addresses, a stray is sealed by another.
        if (call !== "put" || !key.startsWith("athena/") || shown++ > 0) return;
        const behind = notebook({ store }).segments;
        await writeRaw(behind, [line({ id: "later", timeMs: beginMs })]);
        await sealAll(segments);
      }),
    );
    await spanSealer(slow).seal("2026-11-27-01-00");

    const addresses = (await store.get("athena/notes/span=2026-11-27-01-00/symlink.txt"))?.body.toString();
    expect(addresses?.trim().split("\n")).toHaveLength(3);
  });
});

describe("whoever may not go on", () => {
  it("gives up before readers are shown anything", async () => {
    const { store, at } = await aStore();
    const before = await seen(at(store), { unsealed: false });
    let asked = 0;
    const proceed = async () => {
      // The last time is right before the swap.
      if (++asked === 2) throw new Error("the lease is lost");
    };

    await expect(sealSpan(at(store), "2026-11-27-02-00", { others: [], proceed })).rejects.toThrow(
      "the lease is lost",
    );

    expect(await seen(at(store), { unsealed: false })).toEqual(before);
  });
});

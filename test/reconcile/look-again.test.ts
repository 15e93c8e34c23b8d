import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import {
  type Difference,
  inMemoryReconcileStore,
  type LedgerSource,
  type ReconcileStore,
  reconcile,
} from "../../src/reconcile/index.ts";
import { hourMs, startMs } from "./books.ts";
import { dayMs, drop, twoBooks } from "./two-books.ts";

describe("looking again at what is open", () => {
  it("names a side that cannot be asked, and the time that it is about", async () => {
    const { clock, store, books, job } = twoBooks();
    const [one, other] = [books.right[20], books.right[70]];
    books.right = drop(books.right, "transfer-20", "transfer-70");
    await reconcile(job, { store, clock });
    const down: LedgerSource = {
      ...job.right,
      lookup: () => Promise.reject(new Error("connection refused")),
    };

    expect(await reconcile({ ...job, right: down }, { store, clock })).toMatchObject({
      verdict: "differ",
      unknown: [
        {
          source: "right",
          message: expect.stringContaining("refused"),
          fromMs: one?.timeMs,
          toMs: (other?.timeMs ?? 0) + 1,
        },
      ],
    });
  });

  it("is not stopped by a key that cannot be", async () => {
    const { clock, store, books, job } = twoBooks();
    const all = books.right;
    books.right = drop(all, "transfer-20", "transfer-70", "transfer-90");
    await reconcile(job, { store, clock });
    books.right = all;
    const odd: LedgerSource = {
      ...job.right,
      lookup: async (keys) =>
        (await job.right.lookup(keys)).map((entries) =>
          entries.map((entry) => (entry.key === "transfer-70" ? { ...entry, timeMs: Number.NaN } : entry)),
        ),
    };

    expect(await reconcile({ ...job, right: odd }, { store, clock })).toMatchObject({
      resolved: 2,
      open: { "missing-right": 1 },
      unknown: [{ source: "right", message: expect.stringContaining('"transfer-70" has the time NaN') }],
    });
  });

  it("writes what has changed, and what has not once a day", async () => {
    const { clock, store, books, job } = twoBooks();
    books.right = drop(books.right, "transfer-20", "transfer-70");
    let writes = 0;
    const counted: ReconcileStore = {
      ...store,
      open: (...all) => {
        writes += all[2].length;
        return store.open(...all);
      },
    };
    const run = async () => {
      writes = 0;
      await reconcile(job, { store: counted, clock });
      return writes;
    };

    expect(await run()).toBe(2);
    await clock.advance(dayMs - hourMs);
    expect(await run()).toBe(0);
    books.left = books.left.map((one) =>
      one.key === "transfer-20" ? { ...one, fields: { cents: -1 } } : one,
    );
    expect(await run()).toBe(1);
    await clock.advance(hourMs);
    expect(await run()).toBe(1);
    expect((await store.find("banks", ["transfer-70"]))[0]).toMatchObject({
      firstSeenMs: clock.nowMs() - dayMs,
      lastSeenMs: clock.nowMs(),
    });
  });

  it("takes a hundred thousand of them", async () => {
    const clock = virtualClock({ startMs: startMs + dayMs });
    const store = inMemoryReconcileStore({ clock });
    const count = 100_000;
    await store.begin("banks", "before", Number.MAX_SAFE_INTEGER);
    const keys = Array.from({ length: count }, (_, index) => `transfer-${index}`);
    const differenceOf = (key: string): Difference => ({
      key,
      class: "missing-right",
      timeMs: startMs,
      fields: [],
      left: [{ key, timeMs: startMs, fields: {} }],
      right: [],
    });
    await store.open(
      "banks",
      "before",
      keys.map((key) => ({ difference: differenceOf(key), firstSeenMs: 5, lastSeenMs: startMs })),
    );
    await store.end("banks", "before");
    const side = (name: string, has: (key: string) => boolean): LedgerSource => ({
      name,
      digest: async (windows) => windows.map(() => ({ count: 0, sum: "0".repeat(32) })),
      entries: async () => ({ entries: [] }),
      lookup: async (asked) => asked.map((key) => (has(key) ? [{ key, timeMs: startMs, fields: {} }] : [])),
    });
    const job = {
      name: "banks",
      left: side("left", () => true),
      right: side("right", (key) => key.endsWith("7")),
      beginMs: startMs,
      settleMs: hourMs,
    };

    const report = await reconcile(job, { store, clock });

    expect(report).toMatchObject({
      resolved: count / 10,
      open: { "missing-right": (9 * count) / 10 },
      oldestOpenMs: 5,
    });
  });
});

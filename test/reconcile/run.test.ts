import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import {
  type Entry,
  indexedEntries,
  inMemoryReconcileStore,
  type LedgerSource,
  type ReconcileJob,
  type ReconcileStore,
  reconcile,
} from "../../src/reconcile/index.ts";
import { book, hourMs, startMs } from "./books.ts";

/** Two books that can be written to between runs. */
function world({ keepMs }: { keepMs?: number } = {}) {
  const clock = virtualClock({ startMs: startMs + 30 * hourMs });
  const store = inMemoryReconcileStore({ clock });
  const books = { left: book(400), right: book(400) };
  const side = (name: "left" | "right"): LedgerSource => {
    let index = { of: [] as readonly Entry[], source: indexedEntries({ name, entries: [], spanMs: hourMs }) };
    const now = () => {
      const entries = books[name];
      if (index.of !== entries)
        index = { of: entries, source: indexedEntries({ name, entries, spanMs: hourMs }) };
      return index.source;
    };
    return {
      name,
      digest: (windows) => now().digest(windows),
      entries: (window, cursor) => now().entries(window, cursor),
      lookup: (keys, seenMs) => now().lookup(keys, seenMs),
    };
  };
  const job: ReconcileJob = {
    name: "banks",
    left: side("left"),
    right: side("right"),
    beginMs: startMs,
    settleMs: hourMs,
    ...(keepMs === undefined ? {} : { keepMs }),
  };
  const run = (more: Partial<ReconcileJob> = {}, at: ReconcileStore = store) =>
    reconcile({ ...job, ...more }, { store: at, clock });
  return { clock, store, books, job, run };
}

const drop = (entries: readonly Entry[], ...keys: string[]) =>
  entries.filter(({ key }) => !keys.includes(key));

describe("reconcile", () => {
  it("agrees about equal books, and compares each hour once", async () => {
    const { clock, run } = world();

    expect(await run()).toMatchObject({
      verdict: "agree",
      compared: { fromMs: startMs, toMs: startMs + 29 * hourMs },
      open: {},
    });
    expect((await run()).compared).toBeUndefined();
    await clock.advance(2 * hourMs);
    expect((await run()).compared).toEqual({ fromMs: startMs + 29 * hourMs, toMs: startMs + 31 * hourMs });
  });

  it("keeps a difference open until it is gone, and remembers when it was first seen", async () => {
    const { clock, books, run } = world();
    const whole = books.right;
    books.right = drop(whole, "transfer-7");
    const firstSeenMs = clock.nowMs();

    expect(await run()).toMatchObject({ verdict: "differ", found: 1, open: { "missing-right": 1 } });
    await clock.advance(hourMs);
    expect(await run()).toMatchObject({ verdict: "differ", found: 0, oldestOpenMs: firstSeenMs });
    books.right = whole;
    expect(await run()).toMatchObject({ verdict: "agree", resolved: 1, open: {} });
  });

  it("follows a difference that becomes another one", async () => {
    const { books, run } = world();
    const whole = books.right;
    books.right = drop(whole, "transfer-7");
    await run();

    books.right = whole.map((entry) =>
      entry.key === "transfer-7" ? { ...entry, fields: { cents: 1 } } : entry,
    );
    expect(await run()).toMatchObject({ open: { mismatch: 1 } });
    books.right = whole.map((entry) =>
      entry.key === "transfer-7" ? { ...entry, timeMs: entry.timeMs + 5 * hourMs } : entry,
    );
    expect(await run()).toMatchObject({ verdict: "agree", resolved: 1 });
  });

  it("reports a difference at most settle and one interval after it exists", async () => {
    const { clock, books, run } = world();
    await run();
    const timeMs = clock.nowMs() + 1;
    books.left = [...books.left, { key: "fresh", timeMs, fields: {} }];
    const everyMs = hourMs / 4;

    let report = await run();
    while (report.verdict === "agree") {
      await clock.advance(everyMs);
      report = await run();
    }

    expect(report.open).toEqual({ "missing-right": 1 });
    // Whole spans: an hour that has not ended has not settled.
    expect(clock.nowMs() - timeMs).toBeLessThanOrEqual(hourMs + everyMs + hourMs);
  });

  it("tells the home when an open difference happened", async () => {
    const { books, job, run } = world();
    const lost = books.right[7] as Entry;
    books.right = drop(books.right, lost.key);
    await run();
    const asked: unknown[] = [];
    const right: LedgerSource = {
      ...job.right,
      lookup: (...question) => {
        asked.push(question);
        return job.right.lookup(...question);
      },
    };

    await run({ right });

    expect(asked).toEqual([[[lost.key], [lost.timeMs]]]);
  });

  it("calls nothing missing while a side is down, and goes back to what it could not see", async () => {
    const { books, job, run } = world();
    books.right = drop(books.right, "transfer-7");
    const down: LedgerSource = {
      ...job.right,
      digest: () => Promise.reject(new Error("connection refused")),
    };

    const blind = await run({ right: down });
    expect(blind).toMatchObject({ verdict: "unknown", found: 0, open: {} });
    expect(blind.unknown[0]).toMatchObject({ source: "right", message: expect.stringContaining("refused") });
    expect(await run()).toMatchObject({
      verdict: "differ",
      found: 1,
      open: { "missing-right": 1 },
      unknown: [],
    });
  });

  it("keeps what is open as it was while a side is down", async () => {
    const { books, job, run } = world();
    books.right = drop(books.right, "transfer-7");
    await run();
    const down: LedgerSource = {
      ...job.right,
      lookup: () => Promise.reject(new Error("connection refused")),
    };
    books.left = drop(books.left, "transfer-7");

    expect(await run({ right: down })).toMatchObject({
      verdict: "differ",
      resolved: 0,
      open: { "missing-right": 1 },
    });
  });

  it("looks a last time before records expire, and never after", async () => {
    const keepMs = 60 * hourMs;
    const { clock, books, run } = world({ keepMs });
    await run();
    const oldest = [...books.left].sort((one, other) => one.timeMs - other.timeMs)[0] as Entry;
    // Something went wrong long after the comparison: only the last look can see it.
    books.right = drop(books.right, oldest.key);
    await clock.advance(24 * hourMs);
    expect(await run()).toMatchObject({ open: {} });
    await clock.advance(4 * hourMs);
    expect(await run()).toMatchObject({ open: { "missing-right": 1 } });

    // Expired on the left: what is open stays as it was seen, and nothing new is made of it.
    await clock.advance(40 * hourMs);
    books.left = drop(
      books.left,
      ...books.left.filter(({ timeMs }) => timeMs < clock.nowMs() - keepMs).map(({ key }) => key),
    );
    expect(await run()).toMatchObject({ found: 0, open: { "missing-right": 1 } });
  });

  it("has each hour sealed before it is compared; what cannot be sealed is unknown, and tried again", async () => {
    const { job, run } = world();
    const sealed: { fromMs: number; toMs: number }[] = [];
    const badMs = startMs + 13 * hourMs;
    let isBad = true;
    const seal = async (time: { fromMs: number; toMs: number }) => {
      sealed.push(time);
      if (isBad && time.fromMs <= badMs && time.toMs > badMs) throw new Error("no date: yesterday");
      return { itemsRead: 0 };
    };
    const right = { ...job.right, seal };
    const hour = { fromMs: badMs, toMs: badMs + hourMs };

    // One record that cannot be read hides its hour, not its day.
    expect(await run({ right })).toMatchObject({
      verdict: "unknown",
      knownToMs: badMs,
      unknown: [{ ...hour, source: "right", message: expect.stringContaining("yesterday") }],
    });
    expect(sealed.length).toBeLessThan(16);
    isBad = false;
    sealed.length = 0;
    expect(await run({ right })).toMatchObject({ verdict: "agree", unknown: [] });
    expect(sealed).toEqual([hour]);
  });

  it("asks a side that is down little more than once a day", async () => {
    const { clock, job, run } = world();
    await clock.advance(30 * 24 * hourMs);
    let calls = 0;
    const seal = () => {
      calls++;
      return Promise.reject(new Error("connection refused"));
    };

    const report = await run({ right: { ...job.right, seal } });

    expect(report).toMatchObject({ verdict: "unknown", knownToMs: startMs, found: 0 });
    expect(calls).toBeLessThan(31 + 2 * 16);
    expect(report.unknown.length).toBeLessThan(31 + 16);
  });

  it("runs in one hand, however many are started at once", async () => {
    const { books, run } = world();
    books.right = drop(books.right, "transfer-7", "transfer-8");

    const verdicts = (await Promise.all([run(), run(), run(), run(), run()])).map(({ verdict }) => verdict);

    expect(verdicts.sort()).toEqual(["differ", "held", "held", "held", "held"]);
  });

  it("ends in the same state as a clean run, wherever it is killed", async () => {
    const clean = world();
    clean.books.right = drop(clean.books.right, "transfer-7", "transfer-80", "transfer-300");
    await clean.run();
    const expected = await clean.store.list("banks");

    for (let dies = 1; dies < 12; dies++) {
      const { clock, store, books, job } = world();
      books.right = drop(books.right, "transfer-7", "transfer-80", "transfer-300");
      let calls = 0;
      const mortal = new Proxy(store, {
        get:
          (target, name) =>
          async (...args: never[]) => {
            // Dead before the call, or after it: both happen.
            if (calls++ === dies) return new Promise(() => {});
            const answer = await (target[name as keyof ReconcileStore] as (...all: never[]) => unknown)(
              ...args,
            );
            return calls === dies ? new Promise(() => {}) : answer;
          },
      });
      void reconcile(job, { store: mortal, clock, leaseMs: 1_000 });
      await clock.advance(2_000);
      await reconcile(job, { store, clock });

      const { open } = await store.list("banks");
      expect(open.map(({ difference }) => difference)).toEqual(
        expected.open.map(({ difference }) => difference),
      );
    }
  });

  it("writes nothing more once another run has taken over", async () => {
    const { clock, store, books, job, run } = world();
    books.right = drop(books.right, "transfer-7");
    const slow: LedgerSource = {
      ...job.right,
      digest: async (windows) => {
        await store.begin("banks", "thief", clock.nowMs() + 1e9);
        return job.right.digest(windows);
      },
    };
    const lost = reconcile({ ...job, right: slow }, { store, clock, leaseMs: 0 });

    await expect(lost).rejects.toMatchObject({ code: "lease-lost", retryable: true });
    expect((await store.list("banks")).open).toEqual([]);
    expect(await run()).toMatchObject({ verdict: "held" });
  });
});

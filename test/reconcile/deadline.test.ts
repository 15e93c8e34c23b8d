import { describe, expect, it } from "@jest/globals";
import { type LedgerSource, reconcile } from "../../src/reconcile/index.ts";
import { hourMs, startMs } from "./books.ts";
import { dayMs, drop, twoBooks } from "./two-books.ts";

const minuteMs = 60_000;

/** Two books, of which the right one takes its time. */
function world({ days = 10, callMs = 0 } = {}) {
  const made = twoBooks({ days });
  const { clock, job } = made;
  const slowly = (ms: number): LedgerSource => {
    const wait = () => new Promise<void>((resolve) => void clock.after(ms, resolve));
    return {
      ...job.right,
      digest: async (windows) => {
        await wait();
        return job.right.digest(windows);
      },
      lookup: async (keys) => {
        await wait();
        return job.right.lookup(keys);
      },
    };
  };
  /** A run that has so long; answers how long it took, too. */
  const run = async (forMs: number, right = slowly(callMs)) => {
    const atMs = clock.nowMs();
    const report = await clock.until(
      reconcile({ ...job, right }, { store: made.store, clock, untilMs: atMs + forMs }),
    );
    return { ...report, tookMs: clock.nowMs() - atMs };
  };
  return { ...made, run, slowly };
}

describe("reconcile with a time to be over by", () => {
  it("ends in time, saves how far it is, and is gone on with by the next", async () => {
    const { run, state } = world({ callMs: 1_000 });

    const first = await run(4_000);
    expect(first).toMatchObject({ verdict: "unfinished", unfinished: true, unknown: [] });
    expect(first.tookMs).toBeLessThanOrEqual(4_000);
    expect(first.compared?.fromMs).toBe(startMs);
    let last = first;
    for (let runs = 0; last.unfinished; runs++) {
      expect(runs).toBeLessThan(10);
      last = await run(4_000);
    }

    expect(last).toMatchObject({ verdict: "agree" });
    expect(await state()).toMatchObject({
      comparedToMs: startMs + 10 * dayMs + hourMs,
      unknown: [],
      rest: [],
    });
  });

  it("does not call unknown what it was not able to come to, and is known up to there", async () => {
    const { run, books } = world({ callMs: 3_000 });
    books.right = drop(books.right, "transfer-3");

    const report = await run(7_000);

    expect(report.unknown).toEqual([]);
    expect(report).toMatchObject({ verdict: "unfinished", knownToMs: startMs });
  });

  it("finds all differences in the end, however little time each run has", async () => {
    const { run, books, state } = world({ callMs: 500 });
    books.right = drop(books.right, "transfer-3", "transfer-5", "transfer-120", "transfer-239");

    let found = 0;
    let runs = 0;
    for (let unfinished = true; unfinished; runs++) {
      expect(runs).toBeLessThan(60);
      const report = await run(3_000);
      expect(report.tookMs).toBeLessThanOrEqual(3_000);
      found += report.found;
      unfinished = report.unfinished;
    }

    expect(runs).toBeGreaterThan(3);
    expect(found).toBeGreaterThanOrEqual(4);
    expect((await state()).open).toHaveLength(4);
  });

  it("takes smaller steps when one is too much, and larger ones again when it is not", async () => {
    const { run, store } = world({ days: 30, callMs: 600 });
    const steps = async () => (await store.read(["banks"]))[0]?.progress?.stepSpans;

    await run(1_000);
    expect(await steps()).toBe(12);
    await run(1_000);
    expect(await steps()).toBe(6);
    // Two steps fit in; the third has little time, and that is not its fault.
    await run(2_500);
    expect(await steps()).toBeUndefined();
  });

  it("names a source that hangs, and has time left for the rest", async () => {
    const { run, job } = world();
    const hangs: LedgerSource = {
      ...job.right,
      digest: (windows) =>
        windows.some(({ fromMs }) => fromMs === startMs + 2 * dayMs)
          ? new Promise(() => undefined)
          : job.right.digest(windows),
    };

    const report = await run(10 * minuteMs, hangs);

    const day = { fromMs: startMs + 2 * dayMs, toMs: startMs + 3 * dayMs };
    expect(report).toMatchObject({
      verdict: "unknown",
      compared: { toMs: startMs + 10 * dayMs + hourMs },
      knownToMs: day.fromMs,
    });
    expect(report.unknown).toEqual([
      { ...day, source: "right", message: expect.stringContaining("not answered within 300000 ms") },
    ]);
  });

  it("looks again at what is open in half of the time at most, and goes on there", async () => {
    const { run, books, store, slowly } = world({ days: 30 });
    const whole = books.right;
    books.right = [];
    await run(minuteMs);
    books.right = whole;

    // Eight pages of a hundred, a second each.
    const some = await run(8_000, slowly(1_000));
    expect(some).toMatchObject({ resolved: 400, unfinished: true });
    expect((await store.read(["banks"]))[0]?.progress?.againFrom).toBeDefined();
    let { resolved } = some;
    for (let runs = 0; runs < 3; runs++) resolved += (await run(8_000, slowly(1_000))).resolved;

    expect(resolved).toBe(30 * 24);
    expect((await store.read(["banks"]))[0]?.progress?.againFrom).toBeUndefined();
  });

  it("gives the lease back when the store fails, so that the next run need not wait", async () => {
    const { job, store, clock } = world();
    const failing = { ...store, list: () => Promise.reject(new Error("throttled")) };

    await expect(reconcile(job, { store: failing, clock })).rejects.toThrow("throttled");

    expect(await reconcile(job, { store, clock })).toMatchObject({ verdict: "agree" });
  });
});

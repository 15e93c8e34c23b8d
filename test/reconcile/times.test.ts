import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { type Entry, type LedgerSource, type ReconcileJob, reconcile } from "../../src/reconcile/index.ts";
import { hourMs, startMs } from "./books.ts";
import { dayMs, drop, twoBooks } from "./two-books.ts";

/** Two books of ten days, and a run of their job at a given moment: by whatever clock it is. */
function world(more: Partial<ReconcileJob> = {}) {
  const books = twoBooks();
  const job = { ...books.job, ...more };
  const runAt = (ms: number, edit: Partial<ReconcileJob> = {}) =>
    reconcile({ ...job, ...edit }, { store: books.store, clock: virtualClock({ startMs: ms }) });
  return { ...books, job, runAt };
}

const entry = (key: string, timeMs: number): Entry => ({ key, timeMs, fields: {} });
const tenDays = startMs + 10 * dayMs;

describe("where a job begins", () => {
  it("compares nothing before it, be it in the middle of a span", async () => {
    const beginMs = startMs + 5 * hourMs + 1_234;
    const { books, runAt } = world({ beginMs });
    books.left = [...books.left, entry("before", beginMs - 1), entry("after", beginMs)];

    const report = await runAt(tenDays);

    expect(report).toMatchObject({ compared: { fromMs: beginMs }, open: { "missing-right": 1 } });
    expect(await runAt(tenDays + 5 * hourMs)).toMatchObject({ compared: { fromMs: tenDays - hourMs } });
  });

  it("leaves out what lies before it when it is moved on", async () => {
    const { books, job, runAt } = world();
    const down: LedgerSource = { ...job.right, digest: () => Promise.reject(new Error("down")) };
    await runAt(startMs + 3 * hourMs, { right: down });
    books.right = drop(books.right, "transfer-1", "transfer-4", "transfer-6");

    const report = await runAt(tenDays, { beginMs: startMs + 5 * hourMs });

    expect(report).toMatchObject({ open: { "missing-right": 1 }, unknown: [] });
  });
});

describe("what has settled", () => {
  it("is compared at the very moment when it has, and no millisecond earlier", async () => {
    const { books, runAt } = world();
    books.left = [...books.left, entry("last", startMs + hourMs - 1)];

    expect(await runAt(startMs + 2 * hourMs - 1)).toMatchObject({ compared: undefined, found: 0 });
    expect(await runAt(startMs + 2 * hourMs)).toMatchObject({
      compared: { fromMs: startMs, toMs: startMs + hourMs },
      open: { "missing-right": 1 },
    });
  });

  it("may lie further apart than a span, as far as it is allowed", async () => {
    const { books, runAt } = world({ lateAfterMs: 5 * hourMs });
    books.right = books.right.map((one) =>
      one.key === "transfer-30" ? { ...one, timeMs: one.timeMs + 5 * hourMs } : one,
    );

    expect(await runAt(tenDays)).toMatchObject({ verdict: "agree" });
    books.right = books.right.map((one) =>
      one.key === "transfer-60" ? { ...one, timeMs: one.timeMs - 5 * hourMs - 1 } : one,
    );
    expect(
      await world({ lateAfterMs: 5 * hourMs, ...sidesOf(books.left, books.right) }).runAt(tenDays),
    ).toMatchObject({
      open: { late: 1 },
    });
  });

  it("is never missing because it is moved to another span meanwhile", async () => {
    const { books, job, runAt } = world();
    const moving: LedgerSource = {
      ...job.right,
      entries: async (window, cursor) => {
        const page = await job.right.entries(window, cursor);
        if (books.right[50]?.timeMs === books.left[50]?.timeMs) {
          books.right = books.right.map((one, at) =>
            at === 50 ? { ...one, timeMs: one.timeMs + 9 * hourMs } : one,
          );
        }
        return page;
      },
    };
    books.right = drop(books.right, "transfer-52");

    const report = await runAt(tenDays, { right: moving });

    expect(report.open["missing-right"]).toBe(1);
    expect(report.open["missing-left"]).toBeUndefined();
    expect([{}, { late: 1 }]).toContainEqual(
      Object.fromEntries(Object.entries(report.open).filter(([name]) => name === "late")),
    );
  });
});

describe("a clock that is wrong", () => {
  it("that goes back takes progress back: what was compared too early is compared again", async () => {
    const { books, runAt } = world();
    await runAt(startMs + 6 * hourMs);
    // By the right clock it is four in the morning: this arrives in time, and is missing on the other side.
    books.left = [...books.left, entry("in time", startMs + 4 * hourMs)];

    expect(await runAt(startMs + 4 * hourMs)).toMatchObject({ knownToMs: startMs + 3 * hourMs });
    expect(await runAt(startMs + 7 * hourMs)).toMatchObject({
      compared: { fromMs: startMs + 3 * hourMs, toMs: startMs + 6 * hourMs },
      open: { "missing-right": 1 },
    });
  });

  it("that was a year ahead does not stop the job for a year", async () => {
    const { books, runAt } = world({ keepMs: 30 * dayMs });
    await runAt(startMs + 2 * dayMs);
    await runAt(startMs + 365 * dayMs);
    books.right = drop(books.right, "transfer-100");

    await runAt(startMs + 2 * dayMs + hourMs);

    expect(await runAt(tenDays)).toMatchObject({
      compared: { fromMs: startMs + 2 * dayMs, toMs: tenDays - hourMs },
      open: { "missing-right": 1 },
    });
    // The last look is not over either.
    books.right = drop(books.right, "transfer-150");
    expect(await runAt(startMs + 150 * hourMs + 28 * dayMs)).toMatchObject({ open: { "missing-right": 2 } });
  });

  it("of a source makes what it says unknown, and hides nothing", async () => {
    const { books, runAt } = world();
    books.right = books.right.map((one) =>
      one.key === "transfer-30" ? { ...one, timeMs: Date.UTC(2090, 0) } : one,
    );

    expect(await runAt(tenDays)).toMatchObject({
      verdict: "unknown",
      found: 0,
      unknown: [
        { source: "right", message: expect.stringMatching(/"transfer-30" is of 2090-.* is to come/) },
      ],
    });
  });
});

describe("what expires", () => {
  const keepMs = 60 * hourMs;
  /** When the first half of the sixth hour has expired. */
  const halfMs = startMs + 5.5 * hourMs + keepMs;

  it("is not called missing where one side has dropped a part of a span, and told as unknown for ever, once", async () => {
    const { books, job, runAt } = world({ keepMs });
    const down: LedgerSource = { ...job.right, seal: () => Promise.reject(new Error("down")) };
    await runAt(startMs + 10 * hourMs, { right: down });
    books.left = books.left.filter(({ timeMs }) => timeMs >= halfMs - keepMs);

    const report = await runAt(halfMs);

    expect(report).toMatchObject({ open: {}, verdict: "unknown" });
    expect(report.unknown).toEqual([
      {
        fromMs: startMs,
        toMs: startMs + 6 * hourMs,
        source: "left, right",
        message: expect.stringContaining("expired before it could be compared"),
      },
    ]);
    expect(await runAt(halfMs)).toMatchObject({ verdict: "agree", unknown: [] });
  });

  it("is told where no run came in time", async () => {
    const { runAt } = world({ keepMs });
    await runAt(startMs + 10 * hourMs);

    expect(await runAt(tenDays)).toMatchObject({
      compared: { fromMs: tenDays - keepMs },
      unknown: [{ fromMs: startMs + 9 * hourMs, toMs: tenDays - keepMs }],
    });
  });

  it("is no difference when it expires while it is compared", async () => {
    const { books, store, job } = world({ keepMs });
    const clock = virtualClock({ startMs: startMs + keepMs });
    books.left = drop(books.left, "transfer-3");
    const slow: LedgerSource = {
      ...job.right,
      lookup: async (keys) => {
        await clock.advance(4 * hourMs);
        return job.right.lookup(keys);
      },
    };

    expect(await reconcile({ ...job, right: slow }, { store, clock })).toMatchObject({ found: 0, open: {} });
  });

  it("stays open as it was last seen, to the millisecond", async () => {
    const { books, runAt } = world({ keepMs });
    const lost = books.right[5] as Entry;
    books.right = drop(books.right, lost.key);
    await runAt(startMs + 10 * hourMs);
    books.left = drop(books.left, lost.key);

    expect(await runAt(lost.timeMs + keepMs + 1)).toMatchObject({
      open: { "missing-right": 1 },
      resolved: 0,
    });
    expect(await runAt(lost.timeMs + keepMs)).toMatchObject({ open: {}, resolved: 1 });
  });
});

describe("progress", () => {
  it("of a newer version is left alone, and the job given back", async () => {
    const { store, runAt } = world();
    await store.begin("banks", "newer", Number.MAX_SAFE_INTEGER);
    const newer = { v: 2, comparedToMs: startMs } as never;
    await store.save("banks", "newer", newer, Number.MAX_SAFE_INTEGER);
    await store.end("banks", "newer");

    await expect(runAt(tenDays)).rejects.toMatchObject({
      code: "state-version",
      message: expect.stringContaining("newer version"),
    });
    expect(await store.read(["banks"])).toEqual([{ progress: newer, heldUntilMs: undefined }]);
  });

  it("of an older version, with less in it, is gone on with", async () => {
    const { store, runAt } = world();
    await store.begin("banks", "older", Number.MAX_SAFE_INTEGER);
    const older = { v: 1, comparedToMs: startMs + dayMs, lastLookToMs: startMs, unknown: [] } as const;
    await store.save("banks", "older", older, Number.MAX_SAFE_INTEGER);
    await store.end("banks", "older");

    expect(await runAt(tenDays)).toMatchObject({ compared: { fromMs: startMs + dayMs } });
  });
});

function sidesOf(left: readonly Entry[], right: readonly Entry[]): Pick<ReconcileJob, "left" | "right"> {
  const { books, job } = twoBooks();
  books.left = left;
  books.right = right;
  return { left: job.left, right: job.right };
}

import { describe, expect, it } from "@jest/globals";
import { comparePart, type LedgerSource, reconcile } from "../../src/reconcile/index.ts";
import { hourMs, startMs } from "./books.ts";
import { dayMs, drop, mortal, twoBooks } from "./two-books.ts";

type World = ReturnType<typeof twoBooks>;

const wrong = ["transfer-7", "transfer-80", "transfer-101", "transfer-230"];

/** Ten days with four differences, and a job that hands out whole days. */
function world(options: Parameters<typeof twoBooks>[0] = {}) {
  const made = twoBooks(options);
  made.books.right = drop(made.books.right, ...wrong);
  const run = (more: Partial<World["job"]> = {}) =>
    reconcile({ ...made.job, ...more }, { store: made.store, clock: made.clock, parts: made.parts });
  const work = (message = made.waiting.shift(), more: Partial<World["job"]> = {}, untilMs?: number) =>
    comparePart({ ...made.job, ...more }, message ?? { v: 1, job: "banks" }, {
      store: made.store,
      parts: made.parts,
      clock: made.clock,
      ...(untilMs === undefined ? {} : { untilMs }),
    });
  /** Has all parts compared by one worker. */
  const workAll = async (more: Partial<World["job"]> = {}) => {
    while (made.waiting.length > 0) await work(made.waiting.shift(), more);
  };
  return { ...made, run, work, workAll };
}

/** What a clean run comes to, all by itself. */
async function clean(options: Parameters<typeof world>[0] = {}) {
  const alone = world(options);
  await reconcile(alone.job, { store: alone.store, clock: alone.clock });
  return alone.state();
}

describe("reconcile with parts", () => {
  it("hands out what is too much for one, and comes to the same state as one alone", async () => {
    const { run, workAll, waiting, state } = world();

    expect(await run()).toMatchObject({
      verdict: "unfinished",
      compared: undefined,
      parts: { done: 0, of: 11 },
    });
    expect(waiting).toHaveLength(11);
    await workAll();
    expect(await run()).toMatchObject({
      verdict: "differ",
      unfinished: false,
      found: 4,
      compared: { fromMs: startMs, toMs: startMs + 10 * dayMs + hourMs },
    });
    expect(await state()).toEqual(await clean());
  });

  it("compares two days alone, and hands three out", async () => {
    const few = world({ days: 1 });
    const many = world({ days: 2 });

    expect(await few.run()).toMatchObject({ unfinished: false });
    expect(few.waiting).toEqual([]);
    expect(await many.run()).toMatchObject({ parts: { of: 3 } });
  });

  it("hands out no more than 64 parts at once, and the rest when these are done", async () => {
    const { run, workAll, waiting } = world({ days: 70 });

    await run();
    expect(waiting).toHaveLength(64);
    await workAll();
    const report = await run();
    expect(report).toMatchObject({ compared: { toMs: startMs + 64 * dayMs }, parts: { done: 0, of: 7 } });
    await workAll();
    expect(await run()).toMatchObject({ verdict: "differ", unfinished: false });
  });

  it("waits until all parts are done, tells how many are, and sends nothing twice meanwhile", async () => {
    const { run, work, waiting } = world();
    await run();

    await work();
    await work();
    expect(await run()).toMatchObject({ parts: { done: 2, of: 11 }, compared: undefined });
    expect(waiting).toHaveLength(9);
  });

  it("tells the worker who finishes last", async () => {
    const { run, work, waiting } = world();
    await run();
    const outcomes = [];

    while (waiting.length > 0) outcomes.push(await work());

    expect(outcomes.map((one) => one.status === "compared" && one.isLast)).toEqual([
      ...Array(10).fill(false),
      true,
    ]);
  });

  it("knows a message that comes again, or late, and does nothing for it", async () => {
    const { run, work, workAll, waiting, state } = world();
    await run();
    const [first] = waiting;
    await work();

    expect(await work(first)).toEqual({ status: "compared", isLast: false });
    await workAll();
    await run();
    expect(await work(first)).toEqual({ status: "stale" });
    expect(await work({ v: 1, job: "banks", fan: first?.fan, part: 99 })).toEqual({ status: "stale" });
    expect(await state()).toEqual(await clean());
  });

  it("leaves a part to the worker who has it", async () => {
    const { run, work, waiting, job } = world();
    await run();
    const [first] = waiting;
    const slow: LedgerSource = { ...job.left, digest: () => new Promise(() => undefined) };
    void work(first, { left: slow });
    await new Promise((resolve) => setImmediate(resolve));

    expect(await work(first)).toEqual({ status: "held" });
  });

  it("keeps what a side could not answer of a part unknown, and tries it again", async () => {
    const { run, workAll, job, state } = world();
    const day = { fromMs: startMs + 3 * dayMs, toMs: startMs + 4 * dayMs };
    const lame: LedgerSource = {
      ...job.right,
      digest: async (windows) => {
        if (windows.some(({ fromMs }) => fromMs >= day.fromMs && fromMs < day.toMs))
          throw new Error("throttled");
        return job.right.digest(windows);
      },
    };
    await run({ right: lame });
    await workAll({ right: lame });

    const report = await run({ right: lame });
    expect(report).toMatchObject({ verdict: "differ", found: 3, unfinished: false });
    expect(report.unknown).toContainEqual({
      ...day,
      source: "right",
      message: expect.stringContaining("throttled"),
    });
    expect((await state()).unknown).toEqual([day]);
    await run();
    await workAll();
    await run();
    expect(await state()).toEqual(await clean());
  });

  it("goes on with a part in another invocation when time is over", async () => {
    const { run, work, waiting, clock, job, state } = world();
    await run();
    const slow: LedgerSource = {
      ...job.right,
      digest: async (windows) => {
        await new Promise<void>((resolve) => void clock.after(300, resolve));
        return job.right.digest(windows);
      },
    };
    const outcomes = new Map<string, number>();

    while (waiting.length > 0) {
      const message = waiting.shift();
      const { status } = await clock.until(work(message, { right: slow }, clock.nowMs() + 800));
      outcomes.set(status, (outcomes.get(status) ?? 0) + 1);
      expect(outcomes.get(status)).toBeLessThan(200);
    }

    expect(outcomes.get("compared")).toBe(11);
    expect(outcomes.get("unfinished")).toBeGreaterThan(0);
    await run();
    expect(await state()).toMatchObject({ open: (await clean()).open, fanOut: undefined });
  });

  it("gives a part up that nobody comes further with, says so, and goes on with the others", async () => {
    const { run, work, workAll, waiting, clock, job, state } = world();
    await run();
    const poison = waiting.shift();
    await workAll();
    // Its worker dies with it, each time.
    const deadly: LedgerSource = {
      ...job.left,
      digest: () => Promise.reject(new TypeError("out of memory")),
    };
    const dies = { ...deadly, digest: () => new Promise<never>(() => undefined) };
    for (let tries = 0; tries < 5; tries++) {
      void work(poison, { left: dies });
      await clock.advance(400_000);
    }

    const report = await run();
    expect(report.unknown).toMatchObject([
      {
        fromMs: startMs,
        toMs: startMs + dayMs,
        source: "the comparison",
        message: expect.stringContaining("several workers"),
      },
    ]);
    expect(await state()).toMatchObject({ unknown: [], fanOut: undefined });
    expect(await state()).toMatchObject({ open: (await clean()).open });
  });

  it("sends again what may not have been sent, and what was lost an hour ago", async () => {
    const { run, waiting, clock, parts, job, store } = world();
    const broken = {
      send: async (messages: Parameters<typeof parts.send>[0]) => {
        await parts.send(messages.slice(0, 3));
        throw new Error("no connection");
      },
    };
    await expect(reconcile(job, { store, clock, parts: broken })).rejects.toThrow("no connection");
    expect(waiting).toHaveLength(3);

    await run();
    expect(waiting).toHaveLength(14);
    waiting.length = 0;
    await clock.advance(hourMs - 1);
    await run();
    expect(waiting).toHaveLength(0);
    await clock.advance(1);
    await run();
    expect(waiting).toHaveLength(11);
  });

  it("compares all of it alone when there is no queue any more", async () => {
    const { run, work, waiting, job, store, clock, state } = world();
    await run();

    await reconcile(job, { store, clock });

    expect(await state()).toEqual(await clean());
    expect(await work(waiting[0])).toEqual({ status: "stale" });
  });

  it("compares nothing that has expired while it waited", async () => {
    const { run, workAll, books, clock } = world({ keepMs: 20 * dayMs });
    await run();
    await clock.advance(15 * dayMs);
    // The left side has begun to forget.
    books.left = books.left.filter(({ timeMs }) => timeMs >= clock.nowMs() - 20 * dayMs);

    await workAll();

    const { open } = await run();
    expect(open).toEqual({ "missing-right": 1 });
  });

  it("has one of five coordinators hand out, and one of five workers compare each part", async () => {
    const { run, work, waiting, state } = world();

    const verdicts = (await Promise.all([run(), run(), run(), run(), run()])).map(({ verdict }) => verdict);
    expect(verdicts.sort()).toEqual(["held", "held", "held", "held", "unfinished"]);
    expect(waiting).toHaveLength(11);
    const copies = waiting.splice(0).flatMap((message) => Array(5).fill(message) as (typeof message)[]);
    await Promise.all(copies.map((message) => work(message)));
    await Promise.all([run(), run(), run(), run(), run()]);

    expect(await state()).toEqual(await clean());
  });

  it.each([false, true])(
    "comes to the same state wherever a coordinator or a worker is killed (answer lost: %s)",
    async (after) => {
      const expected = await clean({ days: 3 });
      let kills = 0;
      for (let wasKilled = true; wasKilled; kills++) {
        const dies = kills;
        const { job, store, parts, waiting, clock, state } = world({ days: 3 });
        const life = mortal({ ...store, ...parts }, dies, after);
        const ports = { store: life.port, parts: { send: life.port.send }, clock, leaseMs: 1_000 };
        // One process does all there is to do, until it dies.
        void (async () => {
          await reconcile(job, ports);
          for (const message of [...waiting]) await comparePart(job, message, ports);
          await reconcile(job, ports);
        })();
        await clock.advance(2_000);
        wasKilled = life.calls() > dies;

        // Messages come again, to five who run at once.
        for (let round = 0; round < 3; round++) {
          const others = { store, parts, clock };
          await Promise.all([1, 2, 3, 4, 5].map(() => reconcile(job, others)));
          const some = waiting.splice(0);
          await Promise.all([...some, ...some].map((message) => comparePart(job, message, others)));
          await clock.advance(hourMs / 4);
        }

        const ended = await state();
        expect({ dies, ...ended }).toEqual({ dies, ...expected });
      }
      expect(kills).toBeGreaterThan(30);
    },
    60_000,
  );
});

import { describe, expect, it } from "@jest/globals";
import {
  applyJobPlan,
  findJob,
  findPlan,
  type JobCalls,
  jobStatus,
  listJobs,
  planJob,
  planOfFile,
  resumeJob,
  runJob,
  showOpen,
} from "../../../ops/reconcile/index.ts";
import { hourMs, startMs } from "../../reconcile/books.ts";
import { jobWorld } from "./job-world.ts";

async function all<Value>(steps: AsyncGenerator<Value, void>): Promise<readonly Value[]> {
  const found: Value[] = [];
  for await (const step of steps) found.push(step);
  return found;
}

describe("findJob", () => {
  const others = [
    { bus: "shop", job: "Accounts" },
    { bus: "bank", job: "banks" },
  ];

  it("finds jobs by their functions' settings, sorted by name", async () => {
    const { calls } = jobWorld({}, others);

    const names = (await listJobs(calls)).map(({ bus, job }) => `${bus}-${job}`);

    expect(names).toEqual(["bank-banks", "shop-Accounts", "shop-banks"]);
    expect(await findJob(calls, { job: "Accounts" })).toMatchObject({ bus: "shop" });
    expect(await findJob(calls, { job: "banks", bus: "bank" })).toMatchObject({ bus: "bank" });
  });

  it("takes the only one there is where no name is given", async () => {
    expect(await findJob(jobWorld().calls, {})).toMatchObject({ job: "banks" });
  });

  it.each([
    [
      { job: "Nobody" },
      'there is no reconciliation "Nobody" here; there is bank-banks, shop-Accounts, shop-banks',
    ],
    [{ job: "banks" }, "banks is in more than one bus (bank-banks, shop-banks): give --bus"],
    [{}, "which reconciliation? there is bank-banks, shop-Accounts, shop-banks"],
    [{ bus: "shoq" }, 'no reconciliation here belongs to a bus "shoq"; there is bank, shop'],
  ])("says which there are to %j", async (asked, message) => {
    await expect(findJob(jobWorld({}, others).calls, asked)).rejects.toThrow(message);
  });

  it("says that there is none at all", async () => {
    const calls = { jobs: async () => [] };

    await expect(findJob(calls, {})).rejects.toThrow("there is no reconciliation here; there is none at all");
  });
});

describe("runJob", () => {
  it("runs a job to its end", async () => {
    const { calls, job, clock } = jobWorld({ wrong: ["transfer-7"] });

    const steps = await clock.until(all(runJob(calls, job, { by: "anna", clock })));

    expect(steps).toMatchObject([{ step: "ran", isLast: true, report: { verdict: "differ", found: 1 } }]);
  });

  it("goes on slice by slice until all was come to", async () => {
    const { calls, job, clock, asked } = jobWorld({
      right: (right) => ({
        ...right,
        digest: async (windows) => {
          await new Promise<void>((resolve) => void clock.after(8_000, resolve));
          return right.digest(windows);
        },
      }),
      days: 2,
      given: { beginMs: startMs + 2 * hourMs },
    });

    const steps = await clock.until(all(runJob(calls, job, { by: "anna", clock })));

    expect(steps.length).toBeGreaterThan(1);
    expect(steps.at(-1)).toMatchObject({ step: "ran", isLast: true, report: { verdict: "agree" } });
    expect(asked[0]).toEqual({ v: 1, do: "run", by: "anna", withinMs: 20_000 });
  });

  it("waits for parts that are handed out, and tells how many are done", async () => {
    const { calls, job, clock, deliver } = jobWorld({ days: 3, wrong: ["transfer-7"] });
    const seen: unknown[] = [];

    for await (const step of runJob(calls, job, { by: "anna", clock: { ...clock, after: delivered } })) {
      seen.push(step);
    }

    expect(seen).toMatchObject([
      { step: "ran", isLast: false, report: { verdict: "unfinished", parts: { done: 0, of: 4 } } },
      { step: "parts", done: 0, of: 4 },
      { step: "ran", isLast: true, report: { verdict: "differ" } },
    ]);

    /** Whoever waits is woken when all parts are compared. */
    function delivered(_: number, fire: () => void) {
      void deliver().then(fire);
      return () => undefined;
    }
  });

  it("waits for another run that has the job", async () => {
    const { calls, job, clock, store } = jobWorld();
    await store.begin("banks", "another", clock.nowMs() + 5_000);

    const steps = await clock.until(all(runJob(calls, job, { by: "anna", clock })));

    expect(steps.filter(({ step }) => step === "held")).toHaveLength(3);
    expect(steps.at(-1)).toMatchObject({ step: "ran", report: { verdict: "agree" } });
  });

  it("gives up when slices come no further", async () => {
    const { calls, job, clock } = jobWorld({
      right: (right) => ({ ...right, digest: () => new Promise(() => undefined) }),
      given: { beginMs: startMs + 20 * hourMs },
    });

    const steps = await clock.until(all(runJob(calls, job, { by: "anna", clock })));

    expect(steps.length).toBeLessThan(12);
    expect(steps.at(-1)).toMatchObject({ isLast: true });
  });

  it("ends when it is told to", async () => {
    const { calls, job, clock, store } = jobWorld();
    await store.begin("banks", "another", clock.nowMs() + hourMs);
    const abort = new AbortController();
    const steps = runJob(calls, job, { by: "anna", clock, signal: abort.signal });

    expect((await clock.until(steps.next())).value).toMatchObject({ step: "held" });
    abort.abort();
    expect(await clock.until(steps.next())).toEqual({ done: true, value: undefined });
  });

  it("says what it was answered where that makes no sense", async () => {
    const { calls, job } = jobWorld();
    const strange = { ...calls, ask: async () => ({ batchItemFailures: [] }) } as JobCalls;

    await expect(all(runJob(strange, job, { by: "anna" }))).rejects.toThrow("use bus of the version");
  });
});

describe("jobStatus", () => {
  it("tells how a job stands, in each of its states", async () => {
    const { calls, job, clock, run, books, store } = jobWorld({ wrong: ["transfer-7"] });
    const state = async () => (await jobStatus(calls, job, { clock })).state;

    expect(await state()).toBe("never ran");
    await run();
    expect(await state()).toBe("differ");
    books.right = books.left;
    await run();
    expect(await state()).toBe("agree");
    await clock.advance(2 * hourMs + 1);
    expect(await state()).toBe("late");
    await store.begin("banks", "another", clock.nowMs() + 1);
    expect(await state()).toBe("running");
  });

  it("tells what is open, how old it is, how far it is compared, and the latest report", async () => {
    const { calls, job, clock, run } = jobWorld({ wrong: ["transfer-7", "transfer-8"] });
    await run();
    const firstSeenMs = clock.nowMs();
    await clock.advance(hourMs);

    expect(await jobStatus(calls, job, { clock })).toMatchObject({
      open: { differences: 2, classes: { "missing-right": 2 }, oldestMs: firstSeenMs },
      comparedToMs: startMs + 25 * hourMs,
      unknownSpans: 0,
      stopped: undefined,
      report: { bound: { held: true } },
    });
  });

  it("tells of parts, and of what nobody could compare", async () => {
    const { calls, job, clock, run, deliver } = jobWorld({
      days: 3,
      right: (right) => ({
        ...right,
        digest: (windows) =>
          windows.some(({ fromMs }) => fromMs === startMs)
            ? Promise.reject(new Error("refused"))
            : right.digest(windows),
      }),
    });
    await run();
    expect(await jobStatus(calls, job, { clock })).toMatchObject({
      state: "unfinished",
      parts: { done: 0, of: 4 },
    });
    await deliver();
    expect(await jobStatus(calls, job, { clock })).toMatchObject({ state: "unknown", unknownSpans: 24 });
  });

  it("goes without a report that is not there or cannot be read", async () => {
    const { calls, job, clock } = jobWorld();
    const broken = { ...calls.objects(job), get: () => Promise.reject(new Error("AccessDenied")) };

    expect((await jobStatus(calls, job, { clock })).report).toBeUndefined();
    const without = { ...calls, objects: () => broken };
    expect((await jobStatus(without, job, { clock })).report).toBeUndefined();
  });
});

describe("showOpen", () => {
  it("shows what is meant, the oldest first, page by page", async () => {
    const wrong = Array.from({ length: 12 }, (_, index) => `transfer-${index}`);
    const { calls, job, clock, run, books } = jobWorld({ wrong });
    await run();
    await clock.advance(3 * hourMs);
    books.left = [...books.left, { key: "late", timeMs: clock.nowMs() - 2 * hourMs, fields: {} }];
    await run();
    const show = async (selection: object, limit = 100, skip = 0) => {
      const { shown, selected } = await showOpen(calls, job, { selection, limit, skip, clock });
      return { keys: shown.map(({ difference }) => difference.key), selected };
    };

    expect(await show({}, 3)).toEqual({ keys: ["transfer-0", "transfer-1", "transfer-2"], selected: 13 });
    expect(await show({}, 3, 11)).toEqual({ keys: ["transfer-11", "late"], selected: 13 });
    expect(await show({ olderThanMs: hourMs })).toMatchObject({ selected: 12 });
    expect(await show({ class: "mismatch" })).toEqual({ keys: [], selected: 0 });
    expect(await show({ key: "late" })).toEqual({ keys: ["late"], selected: 1 });
    expect(await show({ key: "never" })).toEqual({ keys: [], selected: 0 });
  });
});

describe("planJob, findPlan, applyJobPlan", () => {
  async function planned(wrong = ["transfer-7", "transfer-8"]) {
    const world = jobWorld({ wrong });
    await world.run();
    const { plan } = await planJob(world.calls, world.job, { by: "anna" });
    return { ...world, plan };
  }

  it("has a plan made, and finds it again by its id, the beginning of it, or a file", async () => {
    const { calls, plan } = await planned();

    for (const id of [plan.id, plan.id.slice(0, 4)]) {
      expect((await findPlan(calls, id, {})).plan).toEqual(plan);
    }
    expect((await planOfFile(calls, JSON.stringify(plan), {})).plan).toEqual(plan);
  });

  it("keeps a plan that comes in a file and is not kept any more", async () => {
    const { calls, plan, objects } = await planned();
    await objects.delete([`plans/banks/${plan.id}.json`]);

    await planOfFile(calls, JSON.stringify(plan), {});

    expect((await findPlan(calls, plan.id, {})).plan).toEqual(plan);
  });

  it.each(["zzzz", "abc", "../../x", ""])("finds no plan %j", async (id) => {
    const { calls } = await planned();

    await expect(findPlan(calls, id, {})).rejects.toMatchObject({ code: "plan-unknown" });
  });

  it("says which plans an id may mean", async () => {
    const { calls, plan, objects } = await planned();
    const twin = `${plan.id.slice(0, 8)}00000000`;
    await objects.put(`plans/banks/${twin}.json`, Buffer.from("{}"));

    await expect(findPlan(calls, plan.id.slice(0, 6), {})).rejects.toThrow(
      /means more than one plan \([\da-f]{16} of shop-banks, [\da-f]{16} of shop-banks\)/,
    );
  });

  it("looks everything up first, then applies it, and does it once", async () => {
    const { calls, job, clock, plan, calls: _c, ...world } = await planned();
    const apply = (dryRun: boolean) =>
      clock.until(all(applyJobPlan(calls, job, plan, { by: "anna", dryRun })));

    expect((await apply(true)).at(-1)).toMatchObject({ done: 2, of: 2, counts: { would: 2 } });
    expect((await apply(false)).at(-1)).toMatchObject({ counts: { repaired: 2 }, told: [] });
    expect((await apply(false)).at(-1)).toMatchObject({ counts: { done: 2 } });
    expect((await world.repairs.audit("banks")).entries).toHaveLength(2);
  });

  it("sums up its slices, tells what went wrong, and says when it comes no further", async () => {
    const { calls, job, plan } = await planned();
    const slices = [
      { counts: { repaired: 1 }, told: [], next: 1 },
      { counts: { failed: 1 }, told: [{ key: "transfer-8", outcome: "failed" as const }] },
    ];
    const sliced = {
      ...calls,
      ask: async () => ({ did: "apply" as const, plan: plan.id, items: 2, ...slices.shift() }),
    } as unknown as JobCalls;

    expect((await all(applyJobPlan(sliced, job, plan, { by: "anna" }))).at(-1)).toEqual({
      done: 2,
      of: 2,
      counts: { repaired: 1, failed: 1 },
      told: [{ key: "transfer-8", outcome: "failed" }],
    });
    const stuck = {
      ...calls,
      ask: async () => ({ did: "apply" as const, plan: plan.id, items: 2, counts: {}, told: [], next: 0 }),
    } as unknown as JobCalls;
    await expect(all(applyJobPlan(stuck, job, plan, { by: "anna" }))).rejects.toThrow("comes no further");
  });
});

describe("resumeJob", () => {
  it("lets repairs go on, and tells what had stopped them", async () => {
    const { calls, job, repairs, clock } = jobWorld();
    const stopped = { atMs: clock.nowMs(), key: "transfer-7", message: "twice" };
    await repairs.stop("banks", stopped);

    expect(await resumeJob(calls, job, { by: "anna" })).toEqual(stopped);
    expect(await resumeJob(calls, job, { by: "anna" })).toBeUndefined();
    expect((await repairs.state("banks")).stopped).toBeUndefined();
  });
});

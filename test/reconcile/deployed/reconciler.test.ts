import { describe, expect, it } from "@jest/globals";
import { reconciler } from "../../../src/reconcile/index.ts";
import { hourMs, startMs } from "../books.ts";
import { drop } from "../two-books.ts";
import { deployedWorld, minuteMs, settings } from "./deployed-world.ts";

const auto = { classes: ["missing-right"], atMost: { differences: 5 } } as const;

describe("reconciler", () => {
  it("runs its job, and answers how it stands", async () => {
    const { run, books } = deployedWorld({ wrong: ["transfer-7"] });

    expect(await run()).toMatchObject({
      did: "run",
      status: "ran",
      report: {
        bus: "shop",
        job: "banks",
        verdict: "differ",
        found: 1,
        open: { differences: 1, classes: { "missing-right": 1 } },
        repair: { status: "off" },
        bound: { boundMs: 3 * hourMs, held: true },
      },
      reportUrl: "memory://reports/banks/latest.html",
    });
    books.right = books.left;
    expect(await run()).toMatchObject({ report: { verdict: "agree", resolved: 1 } });
  });

  it("takes sides that are made out of its settings, and makes them once", async () => {
    const { job, options, invoke } = deployedWorld();
    const made: number[] = [];
    const handler = reconciler(
      {
        left: async ({ spanMs }) => {
          made.push(spanMs);
          return job.left;
        },
        right: job.right,
      },
      options,
    );

    await invoke({ omnibus: { v: 1, do: "run", by: "schedule" } }, { as: handler });
    await invoke({ omnibus: { v: 1, do: "run", by: "schedule" } }, { as: handler });

    expect(made).toEqual([hourMs]);
  });

  it("makes its sides anew when they could not be made", async () => {
    const { job, options, invoke } = deployedWorld();
    let tries = 0;
    const left = () => {
      if (tries++ === 0) throw new Error("no database");
      return job.left;
    };
    const as = reconciler({ left, right: job.right }, options);

    await expect(invoke({ omnibus: { v: 1, do: "run", by: "s" } }, { as })).rejects.toThrow("no database");
    expect(await invoke({ omnibus: { v: 1, do: "run", by: "s" } }, { as })).toMatchObject({ status: "ran" });
  });

  it("begins with what has not settled when it first runs, where nothing is said, and stays with that", async () => {
    const { environment, invoke, options, clock, latest } = deployedWorld({ days: 3 });
    const { beginMs: _, ...without } = settings;
    const other = () => environment({}, { ...options, settings: without });
    await invoke({ omnibus: { v: 1, do: "run", by: "s" } }, { as: other() });
    const began = Date.parse(latest().knownTo);

    await clock.advance(5 * hourMs);
    await invoke({ omnibus: { v: 1, do: "run", by: "s" } }, { as: other() });

    const from = Date.parse(latest().compared?.from ?? "");
    expect(from).toBeLessThanOrEqual(began);
    expect(Date.parse(latest().knownTo) - began).toBe(5 * hourMs);
  });

  it("refuses a ceiling of amounts without a function that knows them", () => {
    const { environment, options } = deployedWorld();
    const given = { ...settings, auto: { ...auto, atMost: { differences: 1, amount: 100 } } };

    expect(() => environment({}, { ...options, settings: given })).toThrow(
      expect.objectContaining({ code: "reconciler-amount", message: expect.stringContaining("amountOf") }),
    );
    expect(() => environment({ amountOf: () => 1 }, { ...options, settings: given })).not.toThrow();
  });

  it("says what it was invoked with where it knows no such thing", async () => {
    const { invoke } = deployedWorld();

    for (const event of [
      null,
      {},
      "run",
      { omnibus: { v: 2, do: "run", by: "x" } },
      { omnibus: { v: 1, do: "walk", by: "x" } },
    ]) {
      await expect(invoke(event)).rejects.toThrow(/this function was invoked with .* is known/);
    }
  });

  it("has one of five who are invoked at once run, the others do nothing", async () => {
    const { environment, clock } = deployedWorld({ wrong: ["transfer-7"] });
    const event = { omnibus: { v: 1, do: "run", by: "schedule" } };
    const context = { getRemainingTimeInMillis: () => minuteMs };

    const answers = await clock.until(Promise.all([1, 2, 3, 4, 5].map(() => environment()(event, context))));

    const ran = answers.filter((answer) => "status" in answer && answer.status === "ran");
    expect(ran).toHaveLength(1);
  });

  it("ends before its invocation does, and goes on in the next", async () => {
    const slowly = new Set<string>();
    const { run, clock, latest } = deployedWorld({
      wrong: ["transfer-7"],
      right: (right) => ({
        ...right,
        digest: async (windows) => {
          slowly.add("asked");
          await new Promise<void>((resolve) => void clock.after(8_000, resolve));
          return right.digest(windows);
        },
      }),
    });
    const started = clock.nowMs();

    await run({ forMs: 25_000 });
    expect(clock.nowMs() - started).toBeLessThanOrEqual(25_000);
    expect(latest()).toMatchObject({ unfinished: true });
    for (let runs = 0; latest().unfinished; runs++) {
      expect(runs).toBeLessThan(20);
      await run({ forMs: 25_000 });
    }

    expect(latest()).toMatchObject({ verdict: "differ", open: { differences: 1 } });
    expect(slowly.size).toBe(1);
  });

  it("is over within the time that whoever asks has", async () => {
    const { ask, clock, latest } = deployedWorld({
      right: (right) => ({
        ...right,
        digest: async (windows) => {
          await new Promise<void>((resolve) => void clock.after(8_000, resolve));
          return right.digest(windows);
        },
      }),
    });
    const started = clock.nowMs();

    await ask({ do: "run", withinMs: 20_000 });

    expect(clock.nowMs() - started).toBeLessThanOrEqual(20_000);
    expect(latest().at).toBe(new Date(started).toISOString());
  });
});

describe("reconciler, with large jobs", () => {
  it("hands parts out to itself, and whoever finishes last goes on with the job", async () => {
    const { run, parts, deliver, latest } = deployedWorld({
      days: 10,
      wrong: ["transfer-7", "transfer-200"],
    });

    await run();
    expect(latest()).toMatchObject({ verdict: "unfinished", parts: { done: 0, of: 11 } });
    expect(parts.waiting).toHaveLength(11);
    await deliver();

    expect(latest()).toMatchObject({
      verdict: "differ",
      unfinished: false,
      found: 2,
      open: { differences: 2 },
      knownTo: new Date(startMs + 241 * hourMs).toISOString(),
    });
  });

  it("leaves the rest to another invocation when the last one has no time left", async () => {
    const { run, parts, invoke, latest } = deployedWorld({ days: 3 });
    await run();
    while (parts.waiting.length > 1) {
      const body = JSON.stringify(parts.waiting.shift());
      await invoke({ Records: [{ messageId: "m", body }] });
    }

    await invoke(
      { Records: [{ messageId: "m", body: JSON.stringify(parts.waiting.shift()) }] },
      { forMs: 50_000 },
    );
    expect(parts.waiting).toEqual([{ v: 1, job: "banks" }]);
    expect(latest().unfinished).toBe(true);
    await invoke({ Records: [{ messageId: "m", body: JSON.stringify(parts.waiting.shift()) }] });
    expect(latest()).toMatchObject({ verdict: "agree", unfinished: false });
  });

  it("has messages that fail or cannot be read come again, and only those", async () => {
    const { run, parts, invoke, environment, options, logs } = deployedWorld({ days: 3 });
    await run();
    const [first, second] = parts.waiting;
    const store = {
      ...options.store,
      begin: (job: string, ...rest: [string, number]) =>
        job.endsWith("/1") ? Promise.reject(new Error("throttled")) : options.store.begin(job, ...rest),
    };
    const records = [
      { messageId: "a", body: JSON.stringify(first) },
      { messageId: "b", body: JSON.stringify(second) },
      { messageId: "c", body: "no JSON" },
      { messageId: "d", body: "{}" },
    ];

    const answer = await invoke({ Records: records }, { as: environment({}, { ...options, store }) });

    expect(answer).toEqual({
      batchItemFailures: [{ itemIdentifier: "b" }, { itemIdentifier: "c" }, { itemIdentifier: "d" }],
    });
    expect(logs().filter(({ level }) => level === "error")).toMatchObject([
      { messageId: "b", message: expect.stringContaining("throttled") },
      { messageId: "c", message: expect.stringContaining("no message of a part") },
      { messageId: "d" },
    ]);
  });

  it("does not fail a worker's message for the repairs and the report that follow", async () => {
    const { run, parts, invoke, environment, options } = deployedWorld({ days: 3 });
    await run();
    const objects = { ...options.objects, put: () => Promise.reject(new Error("no such bucket")) };
    const as = environment({}, { ...options, objects });

    for (const message of parts.waiting.splice(0)) {
      const records = [{ messageId: "m", body: JSON.stringify(message) }];
      expect(await invoke({ Records: records }, { as })).toEqual({ batchItemFailures: [] });
    }
  });
});

describe("reconciler, with repairs", () => {
  it("repairs by itself what the rule allows, and shows it in the same report", async () => {
    const { run, calls, latest } = deployedWorld({ wrong: ["transfer-7", "transfer-9"], given: { auto } });

    await run();

    expect(calls.map(({ difference, ctx }) => [difference.key, ctx.by])).toEqual([
      ["transfer-7", "schedule"],
      ["transfer-9", "schedule"],
    ]);
    expect(latest()).toMatchObject({
      verdict: "agree",
      found: 2,
      repaired: 2,
      open: { differences: 0 },
      repair: { status: "applied", counts: { repaired: 2 } },
      audit: [{ key: "transfer-9", outcome: "repaired" }, { key: "transfer-7" }],
    });
  });

  it("repairs nothing by itself beyond a ceiling, and the report says so", async () => {
    const wrong = [1, 2, 3, 4, 5, 6].map((n) => `transfer-${n}`);
    const { run, calls, latest } = deployedWorld({ wrong, given: { auto } });

    await run();

    expect(calls).toEqual([]);
    expect(latest()).toMatchObject({
      verdict: "differ",
      repaired: 0,
      repair: { status: "over", message: expect.stringContaining("6 differences are open") },
    });
  });

  it("stops when it does not converge, says so in each report, and goes on when a person resumes", async () => {
    const { run, ask, clock, deploy, mend, latest, metrics } = deployedWorld({
      wrong: ["transfer-7"],
      given: { auto },
      repair: () => undefined,
    });
    for (let runs = 0; runs < 3; runs++) {
      await run();
      await clock.advance(hourMs);
    }
    await run();
    expect(latest().repair).toMatchObject({
      status: "stopped",
      message: expect.stringContaining("transfer-7"),
    });
    expect(metrics()).toMatchObject({ RepairStopped: 1 });

    deploy({ repair: mend });
    expect(await ask({ do: "resume" })).toMatchObject({ did: "resume", was: { key: "transfer-7" } });
    await run();
    expect(latest()).toMatchObject({ verdict: "agree", repaired: 1 });
    expect(metrics()).toMatchObject({ RepairStopped: 0 });
    expect((latest().audit[1] as { by: string }).by).toBe("anna");
  });

  it("plans on request, keeps the plan, and applies it when it is approved of", async () => {
    const { run, ask, objects, calls, latest } = deployedWorld({
      wrong: ["transfer-7"],
      amountOf: ({ left }) => Number(left[0]?.fields.cents),
    });
    await run();

    const plan = await ask({ do: "plan" });
    expect(plan).toMatchObject({ did: "plan", items: 1, left: 0, totals: { differences: 1, amount: 119 } });
    const id = "plan" in plan ? plan.plan : "";
    expect(objects.objects.has(`plans/banks/${id}.json`)).toBe(true);

    expect(await ask({ do: "apply", plan: id, dryRun: true })).toMatchObject({ counts: { would: 1 } });
    expect(calls).toEqual([]);
    expect(await ask({ do: "apply", plan: id })).toEqual({
      did: "apply",
      plan: id,
      counts: { repaired: 1 },
      told: [],
      items: 1,
    });
    expect(calls[0]?.ctx).toMatchObject({ by: "anna", plan: id, job: "banks", attempt: 1 });
    expect(await ask({ do: "apply", plan: id })).toMatchObject({ counts: { done: 1 } });
    await run();
    expect(latest()).toMatchObject({ verdict: "agree", audit: [{ by: "anna", plan: id }] });
  });

  it("applies a large plan in slices, each within the time that is asked for", async () => {
    const wrong = Array.from({ length: 20 }, (_, index) => `transfer-${index}`);
    const { run, ask, clock, mend, calls } = deployedWorld({
      wrong,
      repair: async (difference, ctx) => {
        await new Promise<void>((resolve) => void clock.after(2_000, resolve));
        mend(difference, ctx);
      },
    });
    await run();
    const plan = await ask({ do: "plan" });
    const id = "plan" in plan ? plan.plan : "";

    let next: number | undefined = 0;
    let slices = 0;
    for (; next !== undefined; slices++) {
      const atMs = clock.nowMs();
      const answer = await ask({ do: "apply", plan: id, from: next, withinMs: 20_000 });
      expect(clock.nowMs() - atMs).toBeLessThanOrEqual(20_000);
      next = "next" in answer ? answer.next : undefined;
    }

    expect(slices).toBe(3);
    expect(calls).toHaveLength(20);
  });

  it("applies no plan that is unknown, changed, or of another job", async () => {
    const { run, ask, objects, environment, options } = deployedWorld({ wrong: ["transfer-7"] });
    await run();
    const plan = await ask({ do: "plan" });
    const id = "plan" in plan ? plan.plan : "";
    const key = `plans/banks/${id}.json`;
    const text = objects.objects.get(key)?.body.toString("utf8") ?? "";

    await expect(ask({ do: "apply", plan: "0123456789abcdef" })).rejects.toMatchObject({
      code: "plan-unknown",
    });
    const get = () => Promise.reject(Object.assign(new Error("denied"), { name: "AccessDenied" }));
    const as = environment({}, { ...options, objects: { ...objects, get } });
    await expect(ask({ do: "apply", plan: "0123456789abcdef" }, { as })).rejects.toMatchObject({
      code: "plan-unknown",
    });
    await expect(ask({ do: "apply", plan: "../../secret" })).rejects.toMatchObject({ code: "plan-unknown" });
    await objects.put(key, Buffer.from(text.replace("transfer-7", "transfer-8")));
    await expect(ask({ do: "apply", plan: id })).rejects.toMatchObject({ code: "plan-changed" });
    await objects.put("plans/banks/0123456789abcdef.json", Buffer.from(text));
    await expect(ask({ do: "apply", plan: "0123456789abcdef" })).rejects.toMatchObject({
      code: "plan-changed",
    });
  });
});

describe("reconciler, what it tells", () => {
  it("writes metrics: what is open by class, what it did, how old, whether the bound was held", async () => {
    const { run, metrics, clock, books } = deployedWorld({ wrong: ["transfer-7", "transfer-8"] });
    await run();
    await clock.advance(hourMs);
    books.right = [...books.right, { key: "transfer-8", timeMs: startMs + 8 * hourMs, fields: { cents: 1 } }];
    await run();

    expect(metrics()).toMatchObject({
      ReconcileRuns: 1,
      OpenDifferences: 2,
      "OpenDifferences:missing-right": 1,
      "OpenDifferences:mismatch": 1,
      DifferencesFound: 0,
      UnknownSpans: 0,
      OldestOpenMs: hourMs,
      BoundHeld: 1,
    });
  });

  it("writes of a class while something of it is open, and once after", async () => {
    const { run, metrics, clock, books, lines } = deployedWorld({ wrong: ["transfer-7"] });
    await run();
    await clock.advance(hourMs);
    books.right = books.left;
    await run();
    expect(metrics()).toMatchObject({ OpenDifferences: 0, "OpenDifferences:missing-right": 0 });
    expect(metrics()).not.toHaveProperty("OpenDifferences:duplicate");
    lines.length = 0;
    await clock.advance(hourMs);
    await run();
    expect(metrics()).not.toHaveProperty("OpenDifferences:missing-right");
  });

  it("does not hold its bound when runs were missed, and does again with the next in time", async () => {
    const { run, metrics, clock } = deployedWorld();
    await run();
    await clock.advance(4 * hourMs);
    await run();
    expect(metrics()).toMatchObject({ BoundHeld: 0 });
    await clock.advance(hourMs);
    await run();
    expect(metrics()).toMatchObject({ BoundHeld: 1 });
  });

  it("does not hold its bound while a side is down, and calls nothing missing", async () => {
    let isDown = true;
    const { run, metrics, latest } = deployedWorld({
      right: (right) => ({
        ...right,
        digest: (windows) =>
          isDown ? Promise.reject(new Error("connection refused")) : right.digest(windows),
      }),
    });
    await run();

    expect(latest()).toMatchObject({ verdict: "unknown", open: { differences: 0 } });
    expect(latest().unknown[0]).toMatchObject({
      source: "right",
      message: expect.stringContaining("refused"),
    });
    expect(metrics()).toMatchObject({ BoundHeld: 0, UnknownSpans: 25 });
    isDown = false;
    // What is found now is found late.
    await run();
    expect(metrics()).toMatchObject({ BoundHeld: 0, UnknownSpans: 0 });
    await run();
    expect(metrics()).toMatchObject({ BoundHeld: 1 });
  });

  it("writes one log line for each run, without any entry's fields", async () => {
    const { run, logs } = deployedWorld({ wrong: ["transfer-7"] });
    await run();

    expect(logs()).toMatchObject([
      { level: "warn", message: "reconciled", job: "banks", verdict: "differ", open: 1 },
    ]);
    expect(JSON.stringify(logs())).not.toContain("119");
  });

  it("stands by its run when the report cannot be written, and says so", async () => {
    const { environment, options, invoke, logs, store } = deployedWorld({ wrong: ["transfer-7"] });
    const objects = { ...options.objects, put: () => Promise.reject(new Error("no such bucket")) };

    const answer = await invoke(
      { omnibus: { v: 1, do: "run", by: "schedule" } },
      { as: environment({}, { ...options, objects }) },
    );

    expect(answer).toMatchObject({ status: "ran", report: { verdict: "differ" } });
    expect(answer).not.toHaveProperty("reportUrl");
    expect(logs().at(-1)).toMatchObject({
      level: "error",
      message: expect.stringContaining("no such bucket"),
    });
    expect((await store.list("banks")).open).toHaveLength(1);
  });

  it("keeps a report of its own for each run that has news, and the latest always", async () => {
    const { run, clock, objects, books } = deployedWorld();
    const names = () => [...objects.objects.keys()].filter((key) => key.endsWith(".json")).sort();
    await run();
    await clock.advance(hourMs);
    await run();
    await clock.advance(hourMs);
    await run();
    expect(names()).toEqual(["reports/banks/2026-01-02T02-00-00Z.json", "reports/banks/latest.json"]);
    books.right = drop(books.right, "transfer-23");
    books.left = [...books.left, { key: "new", timeMs: startMs + 27.5 * hourMs, fields: {} }];
    await clock.advance(hourMs);
    await run();
    expect(names()).toHaveLength(3);
    expect([...objects.objects.keys()].filter((key) => key.endsWith(".html"))).toHaveLength(3);
  });

  it("looks back on the last two hundred runs", async () => {
    const { run, clock, latest } = deployedWorld();
    for (let runs = 0; runs < 205; runs++) {
      await run();
      await clock.advance(hourMs);
    }

    expect(latest().history).toHaveLength(200);
    expect(latest().history.at(-1)?.at).toBe(latest().at);
  }, 30_000);

  it("begins its history anew where the latest report cannot be read", async () => {
    const { run, objects, latest } = deployedWorld();
    await run();
    for (const body of ["", "null", "[]", '{"v":2,"history":[1]}', '{"v":1}']) {
      await objects.put("reports/banks/latest.json", Buffer.from(body));
      await run();
      expect(latest().history).toHaveLength(1);
    }
  });
});

import { describe, expect, it, jest } from "@jest/globals";
import type { Environment, EnvironmentAnswer } from "../../local/lambda/environment.ts";
import { createPool, type PoolPlan } from "../../local/lambda/pool.ts";
import { virtualClock } from "../../local/testing/virtual-clock.ts";

interface Fake {
  readonly payloads: string[];
  ready(failure?: string): void;
  answer(answer?: EnvironmentAnswer): void;
  die(): void;
  ended: boolean;
}

/** A pool whose environments do what the test says. */
function world({ ceiling = 4, timeoutMs = 3_000, ready = true, slowEnd = false } = {}) {
  const clock = virtualClock();
  const fakes: Fake[] = [];
  const logged: string[] = [];
  const plan = (): PoolPlan => ({
    ceiling,
    timeoutMs,
    start() {
      const started = Promise.withResolvers<string | undefined>();
      const ended = Promise.withResolvers<void>();
      let settle = (_: EnvironmentAnswer) => {};
      const fake: Fake = {
        payloads: [],
        ended: false,
        ready: (failure) => started.resolve(failure),
        answer: (answer = { status: "ok", payload: "null" }) => settle(answer),
        die() {
          fake.ended = true;
          settle({ status: "error", kind: "exit", payload: "died" });
          ended.resolve();
        },
      };
      fakes.push(fake);
      if (ready) fake.ready();
      const environment: Environment = {
        pid: undefined,
        ready: started.promise,
        ended: ended.promise,
        invoke({ payload }) {
          fake.payloads.push(payload);
          return new Promise((resolve) => {
            settle = resolve;
          });
        },
        async end() {
          if (!slowEnd) fake.die();
          await ended.promise;
        },
      };
      return environment;
    },
  });
  const changes: string[] = [];
  const pool = createPool(
    plan(),
    clock,
    (payload) => logged.push(payload),
    (change) => changes.push(change),
  );
  const settle = () => clock.advance(0);
  return { clock, fakes, logged, changes, pool, plan, settle };
}

describe("createPool", () => {
  it("starts environments as they are needed, up to the ceiling, and lets the rest wait", async () => {
    const { pool, fakes, settle } = world({ ceiling: 2 });

    const calls = ["1", "2", "3"].map((payload) => pool.invoke(payload, {}));
    await settle();
    expect(fakes.map(({ payloads }) => payloads)).toEqual([["1"], ["2"]]);
    expect(pool.stats()).toMatchObject({ running: 2, environments: 2, throttles: 0 });
    fakes[1]?.answer();
    await settle();

    expect(fakes.map(({ payloads }) => payloads)).toEqual([["1"], ["2", "3"]]);
    expect(await calls[1]).toEqual({ status: "ok", payload: "null" });
  });

  it("uses the environment again that was used last", async () => {
    const { pool, fakes, settle } = world();
    for (const payload of ["1", "2", "3"]) void pool.invoke(payload, {});
    await settle();
    for (const index of [2, 0, 1]) fakes[index]?.answer();
    await settle();

    void pool.invoke("4", {});
    void pool.invoke("5", {});
    await settle();

    expect(fakes.map(({ payloads }) => payloads)).toEqual([["1", "5"], ["2", "4"], ["3"]]);
  });

  it("throttles beyond the reserved concurrency, waiting invocations counted, and not beyond the ceiling", async () => {
    const { pool, settle } = world({ ceiling: 2 });
    pool.reserve(3);

    const calls = ["1", "2", "3", "4"].map((payload) => pool.invoke(payload, {}));
    await settle();

    expect(await calls[3]).toEqual({ status: "throttled" });
    expect(pool.stats()).toMatchObject({ running: 2, invocations: 3, throttles: 1 });
  });

  it("never runs more at once than is reserved, where the ceiling is higher", async () => {
    const { pool, fakes, settle } = world({ ceiling: 100 });
    pool.reserve(5);
    let most = 0;
    let throttled = 0;

    for (let round = 0; round < 20; round++) {
      for (let call = 0; call < 7; call++) {
        void pool.invoke("{}", {}).then(({ status }) => {
          if (status === "throttled") throttled++;
        });
      }
      await settle();
      most = Math.max(most, pool.stats().running);
      for (const fake of fakes) fake.answer();
      await settle();
    }

    expect(most).toBe(5);
    expect(throttled).toBe(20 * 2);
    expect(pool.stats().environments).toBe(5);
  });

  it("counts old code that still runs against the reserved concurrency", async () => {
    const { pool, plan, settle } = world();
    pool.reserve(1);
    void pool.invoke("old", {});
    await settle();

    pool.replan(plan());

    expect(await pool.invoke("new", {})).toEqual({ status: "throttled" });
  });

  it("throttles everything when nothing is reserved, until the reservation is taken away", async () => {
    const { pool, fakes, settle } = world();
    pool.reserve(0);
    expect(await pool.invoke("1", {})).toEqual({ status: "throttled" });

    pool.reserve(undefined);
    void pool.invoke("2", {});
    await settle();

    expect(fakes.map(({ payloads }) => payloads)).toEqual([["2"]]);
  });

  it("replaces a dead environment when the next one is needed, not before", async () => {
    const { pool, fakes, settle } = world();
    const first = pool.invoke("1", {});
    await settle();
    fakes[0]?.die();
    await settle();
    expect(await first).toEqual({ status: "error", kind: "exit", payload: "died" });
    expect(pool.stats().environments).toBe(0);

    void pool.invoke("2", {});
    await settle();

    expect(fakes.map(({ payloads }) => payloads)).toEqual([["1"], ["2"]]);
  });

  it("forgets an environment that dies while it is idle", async () => {
    const { pool, fakes, settle } = world();
    void pool.invoke("1", {});
    await settle();
    fakes[0]?.answer();
    await settle();

    fakes[0]?.die();
    await settle();
    void pool.invoke("2", {});
    await settle();

    expect(fakes.map(({ payloads }) => payloads)).toEqual([["1"], ["2"]]);
  });

  it("ends an environment whose time is up", async () => {
    const { clock, pool, fakes, settle } = world({ timeoutMs: 3_000 });
    const call = pool.invoke("1", { requestId: "r" });
    await settle();

    await clock.advance(2_999);
    expect(fakes[0]?.ended).toBe(false);
    await clock.advance(1);

    expect(await call).toMatchObject({ status: "error", kind: "timeout" });
    expect(fakes[0]?.ended).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it("frees the place of one whose time is up when it has ended, not before", async () => {
    const { clock, pool, fakes, settle } = world({ ceiling: 1, timeoutMs: 3_000, slowEnd: true });
    pool.reserve(2);
    const late = jest.fn();
    void pool.invoke("1", {}).then(late);
    const waiting = pool.invoke("2", {});
    await clock.advance(3_000);

    expect(pool.stats()).toMatchObject({ running: 1, environments: 0 });
    expect(await pool.invoke("3", {})).toEqual({ status: "throttled" });
    expect(late).not.toHaveBeenCalled();
    expect(fakes).toHaveLength(1);
    fakes[0]?.die();
    await settle();

    expect(late).toHaveBeenCalledWith(expect.objectContaining({ kind: "timeout" }));
    expect(fakes.map(({ payloads }) => payloads)).toEqual([["1"], ["2"]]);
    fakes[1]?.answer();
    expect(await waiting).toMatchObject({ status: "ok" });
  });

  it("counts a waiting call's time from when it runs", async () => {
    const { clock, pool, fakes, settle } = world({ ceiling: 1, timeoutMs: 3_000 });
    void pool.invoke("1", {});
    const second = pool.invoke("2", {});
    await clock.advance(2_000);
    fakes[0]?.answer();
    await clock.advance(2_000);
    fakes[0]?.answer();
    await settle();

    expect(await second).toMatchObject({ status: "ok" });
  });

  it("answers one call for each start that fails, and starts ever more slowly", async () => {
    const { clock, pool, fakes, logged, settle } = world({ ready: false });
    const results: unknown[] = [];
    for (let call = 0; call < 200; call++) void pool.invoke("{}", {}).then((result) => results.push(result));
    const fail = async () => {
      for (const fake of fakes) fake.ready("broken");
      await settle();
    };
    await fail();
    expect(fakes).toHaveLength(4);
    expect(results).toHaveLength(4);

    for (let second = 0; second < 60; second++) {
      await clock.advance(1_000);
      await fail();
    }

    expect(results[0]).toEqual({ status: "error", kind: "init", payload: "broken" });
    expect(fakes.length).toBeLessThan(25);
    expect(results.length).toBe(fakes.length);
    expect(logged.length).toBe(fakes.length);
  });

  it("starts at once again when the code was replaced", async () => {
    const { pool, fakes, plan, settle } = world({ ready: false });
    void pool.invoke("1", {});
    const second = pool.invoke("2", {});
    await settle();
    for (const fake of fakes) fake.ready("broken");
    await settle();
    const third = pool.invoke("3", {});

    pool.replan(plan());
    fakes.at(-1)?.ready();
    await settle();
    fakes.at(-1)?.answer();

    expect(await second).toMatchObject({ kind: "init" });
    expect(await third).toMatchObject({ status: "ok" });
  });

  it("tells once that its code does not load, and once that it was replaced or loads again", async () => {
    const { clock, pool, fakes, plan, changes, settle } = world({ ready: false });
    const answerAll = async (failure?: string) => {
      for (const fake of fakes.splice(0)) fake.ready(failure);
      await settle();
    };
    for (let call = 0; call < 20; call++) void pool.invoke("{}", {});
    await answerAll("broken");
    await clock.advance(5_000);
    await answerAll("broken");
    expect(changes).toEqual(["broken"]);

    pool.replan(plan());
    await answerAll("still broken");
    expect(changes).toEqual(["broken", "replaced", "broken"]);

    await clock.advance(5_000);
    await answerAll();
    pool.replan(plan());
    await answerAll();
    expect(changes).toEqual(["broken", "replaced", "broken", "mended"]);
  });

  it("gives up a start that takes too long", async () => {
    const { clock, pool, fakes } = world({ ready: false, timeoutMs: 3_000 });
    const call = pool.invoke("1", {});

    await clock.advance(13_000);

    expect(await call).toMatchObject({ status: "error", kind: "init" });
    expect(fakes[0]?.ended).toBe(true);
  });

  it("does not run a waiting call whose caller has gone, and lets a running one run on", async () => {
    const { pool, fakes, settle } = world({ ceiling: 1 });
    const caller = new AbortController();
    const running = pool.invoke("1", { signal: caller.signal });
    const waiting = pool.invoke("2", { signal: caller.signal });
    await settle();

    caller.abort();
    expect(await running).toMatchObject({ status: "error", kind: "exit" });
    expect(await waiting).toMatchObject({ status: "error", kind: "exit" });
    expect(pool.stats().running).toBe(1);
    fakes[0]?.answer();
    await settle();

    expect(fakes.map(({ payloads }) => payloads)).toEqual([["1"]]);
    expect(pool.stats()).toMatchObject({ running: 0, environments: 1 });
  });
});

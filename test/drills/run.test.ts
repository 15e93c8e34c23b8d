import { spawnSync } from "node:child_process";
import { afterEach, describe, expect, it } from "@jest/globals";
import { drill } from "../../cli/commands/drill.ts";
import { descendantsOf } from "../../cli/descendants.ts";
import { poisonKinds } from "../../drills/orders/poison.ts";
import { busHere } from "../helpers/bus-here.ts";
import { type RunningBus, runBus } from "../helpers/run-bus.ts";

describe("bus drill orders", () => {
  const running: RunningBus[] = [];

  afterEach(() => {
    for (const { child } of running.splice(0)) child.kill("SIGKILL");
  });

  const start = (...words: string[]) => {
    const bus = runBus(["drill", "orders", "--port", "0", ...words]);
    running.push(bus);
    return bus;
  };

  it("counts each effect of each order once, and every poison message as one dead letter with its reason", async () => {
    const run = start("--orders", "200", "--duplicates", "5%", "--poison", "4%", "--once", "--json");

    const code = await run.ended;

    const result = JSON.parse(run.written.out.trimEnd().split("\n").at(-1) ?? "");
    expect({ code, findings: result.findings }).toEqual({ code: 0, findings: [] });
    const reasons = Object.fromEntries(poisonKinds.map(({ reason }) => [reason, 1]));
    const consumer = { handled: 200, deadLetters: 8, reasons };
    expect(result).toMatchObject({
      published: 200,
      duplicatesPublished: 10,
      poison: 8,
      consumers: {
        Points: { ...consumer, total: result.control.cents },
        Stock: { ...consumer, total: result.control.cds },
        Logistics: { ...consumer, total: 200 },
      },
      control: { orders: 200 },
      kills: 0,
      agree: true,
    });
    expect(result.consumers.Points.duplicates).toBeGreaterThanOrEqual(10);
    expect(result.firstHandledMs).toBeGreaterThan(0);
    expect(result.deliveriesPerSecond).toBeGreaterThan(0);
    expect(result.memoryMb).toBeGreaterThan(0);
  }, 90_000);

  it("stays up after the summary, and ends with all its processes within two seconds of Ctrl-C", async () => {
    const run = start("--orders", "20");
    await run.said("still up");
    const below = descendantsOf(run.child.pid ?? 0);
    expect(below.length).toBeGreaterThan(3);

    const beganMs = performance.now();
    run.child.kill("SIGINT");
    const code = await run.ended;

    expect(code).toBe(130);
    expect(performance.now() - beganMs).toBeLessThan(2_000);
    expect(stillRunning(below, beganMs + 2_000)).toEqual([]);
    expect(run.written.err.match(/^AWS_.* aws --endpoint-url /gm)).toHaveLength(2);
  }, 90_000);

  it("ends within two seconds of Ctrl-C in the middle of chaos", async () => {
    const run = start("--orders", "all", "--chaos", "--once", "--json");
    await run.said("handled");
    const below = descendantsOf(run.child.pid ?? 0);

    const beganMs = performance.now();
    run.child.kill("SIGINT");
    const code = await run.ended;

    expect(code).toBe(130);
    expect(performance.now() - beganMs).toBeLessThan(2_000);
    expect(below.length).toBeGreaterThan(5);
    expect(stillRunning(below, beganMs + 2_000)).toEqual([]);
    expect(run.written.out).toBe("");
  }, 60_000);

  it("ends within two seconds of Ctrl-C while it starts, and leaves no process behind", async () => {
    const run = start("--once", "--json");
    await run.said("synthesizing");

    const beganMs = performance.now();
    run.child.kill("SIGINT");
    const below = descendantsOf(run.child.pid ?? 0);
    const code = await run.ended;

    expect(code).toBe(130);
    expect(performance.now() - beganMs).toBeLessThan(2_000);
    expect(stillRunning(below, beganMs + 2_000)).toEqual([]);
  }, 30_000);

  it.each([
    [["--orders", "0"], '--orders: "0" is no count'],
    [["--orders", "70000"], '--orders: 70000 is more than the file has; give 1 to 69659, or "all"'],
    [["--duplicates", "150%"], '--duplicates: "150%" is no share'],
    [["--poison", "much"], '--poison: "much" is no share'],
    [["--unheard"], "unknown option '--unheard'"],
  ])("refuses %j with exit code 2, before anything is started", async (words, text) => {
    const { code, out, err } = await busHere([drill], ["drill", "orders", ...words], { directory: "/" });

    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(text);
    expect(err).not.toContain("synthesizing");
  });
});

/** Those of the processes that have not ended by `deadlineMs`. A zombie has ended: only nobody has asked for it yet. */
function stillRunning(pids: readonly number[], deadlineMs: number): string[] {
  for (;;) {
    const table = spawnSync("ps", ["-o", "pid=,stat=,args=", "-p", pids.join(",")], {
      encoding: "utf8",
    }).stdout;
    const running = table.split("\n").filter((row) => row.trim() !== "" && !/^\s*\d+\s+Z/.test(row));
    if (running.length === 0 || performance.now() > deadlineMs) return running;
  }
}

import { spawnSync } from "node:child_process";
import { afterEach, expect, it } from "@jest/globals";
import { descendantsOf } from "../../../cli/descendants.ts";
import { workOut } from "../../../drills/recommender/control.ts";
import { describeWith } from "../../helpers/describe-with.ts";
import { type RunningBus, runBus } from "../../helpers/run-bus.ts";

const needs = [
  { command: "java", for: "the order service of the recommender drill" },
  { command: "mvn", for: "the order service of the recommender drill" },
  { command: "python3", for: "the recommender" },
] as const;

await describeWith(needs, "bus drill recommender", () => {
  const running: RunningBus[] = [];
  afterEach(() => {
    for (const { child } of running.splice(0)) child.kill("SIGKILL");
  });

  const start = (...words: string[]) => {
    const bus = runBus(["drill", "recommender", "--json", ...words]);
    running.push(bus);
    return bus;
  };

  it.each([
    ["on this machine", 1_000, []],
    ["on the emulator", 600, ["--emulator"]],
  ])(
    "counts orders from Java once in Python, %s, though some of %i come twice and processes are killed",
    async (_, orders, words) => {
      const control = await workOut(orders);
      const run = start("--orders", String(orders), ...words);

      const code = await run.ended;

      const result = JSON.parse(run.written.out.trimEnd().split("\n").at(-1) || "{}");
      expect({ code, result, said: code === 0 ? "" : run.written.err }).toMatchObject({
        code: 0,
        result: {
          orders,
          handled: orders,
          sentTwice: orders / 20,
          cents: control.cents,
          customers: control.customers,
          pass: true,
          findings: [],
        },
        said: "",
      });
      expect(result.kills).toBeGreaterThanOrEqual(1);
      expect(result.duplicates).toBeGreaterThanOrEqual(orders / 20 - 10 * result.kills);
      expect(result.letters).toHaveLength(5);
    },
    480_000,
  );

  it("ends with all its processes at Ctrl-C in the middle of a run", async () => {
    const run = start("--orders", "2000");
    await run.said("handled");
    const below = descendantsOf(run.child.pid ?? 0);

    run.child.kill("SIGINT");
    const code = await run.ended;

    expect(code).toBe(130);
    expect(run.written.out).toBe("");
    expect(below.length).toBeGreaterThan(3);
    expect(stillRunning(below)).toEqual([]);
  }, 240_000);

  it("refuses more orders than there are with exit code 2, before anything is started", async () => {
    const run = start("--orders", "70000");

    expect(await run.ended).toBe(2);
    expect(run.written.err).toContain("--orders: 70000 is more than the file has");
    expect(run.written.err).not.toContain("building");
  });
});

/** Those that have not ended two seconds on. A zombie has ended: only nobody has asked for it yet. */
function stillRunning(pids: readonly number[]): string[] {
  const deadlineMs = performance.now() + 2_000;
  for (;;) {
    const { stdout } = spawnSync("ps", ["-o", "pid=,stat=,args=", "-p", pids.join(",")], {
      encoding: "utf8",
    });
    const left = stdout.split("\n").filter((row) => row.trim() !== "" && !/^\s*\d+\s+Z/.test(row));
    if (left.length === 0 || performance.now() > deadlineMs) return left;
  }
}

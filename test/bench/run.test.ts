import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";

const project = join(import.meta.dirname, "../..");
const run = promisify(execFile);

/** The bench as it is called, small: figures of such a run say nothing about speed, but counts must hold. */
async function bench(...words: string[]) {
  const { stdout } = await run(process.execPath, ["bench/run.ts", ...words, "--json", "--runs", "1"], {
    cwd: project,
  });
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}

describe("npm run bench", () => {
  it("counts a consumer's requests and write units at the wire", async () => {
    const { ours, oursTransaction, peerTuned, peerDocumented, versions } = await bench(
      "consume",
      "--size",
      "4",
    );

    // Ten first deliveries: one claim and one completion for all of them, against a put and an update for each.
    expect(ours).toMatchObject({ requestsPerMessage: 0.2, writeUnitsPerMessage: 2 });
    // A transaction for each; its two writes cost twice, and one of them is the effect.
    expect(oursTransaction).toMatchObject({ requestsPerMessage: 1.1, writeUnitsPerMessage: 5 });
    expect(peerTuned).toMatchObject({ requestsPerMessage: 2, writeUnitsPerMessage: 2 });
    expect(peerDocumented).toMatchObject({ requestsPerMessage: 2, writeUnitsPerMessage: 2 });
    expect(versions["@aws-lambda-powertools/batch"]).toMatch(/^\d/);
  });

  it("publishes every event with every contender", async () => {
    const { ours, sdkOneByOne, sdkBatch, messageQueueToolkit } = await bench("publish", "--size", "60");

    for (const one of [ours, sdkOneByOne, sdkBatch, messageQueueToolkit]) {
      expect(one.eventsPerSecond).toBeGreaterThan(0);
      expect(one.cpuMicrosPerEvent).toBeGreaterThan(0);
    }
    expect(ours.eventsPerRequest).toBe(10);
  });

  it("runs the local cloud and asks its ledger whether everything was handled", async () => {
    const { deliveriesPerSecond, memoryMb, cpuMicrosPerDelivery } = await bench("local", "--size", "40");

    expect(deliveriesPerSecond).toBeGreaterThan(0);
    expect(memoryMb).toBeGreaterThan(50);
    if (process.platform !== "linux") return;
    const { all, ...parts } = cpuMicrosPerDelivery as Record<string, number>;
    expect(Object.keys(parts)).toEqual(
      expect.arrayContaining(["mappings", "functions", "endpoint", "dynamodb", "publisher"]),
    );
    expect(all).toBeCloseTo(
      Object.values(parts).reduce((sum, part) => sum + part, 0),
      0,
    );
    expect(parts.functions).toBeGreaterThan(0);
  }, 60_000);

  it("refuses a bench that it does not know", async () => {
    await expect(run(process.execPath, ["bench/run.ts", "sing"], { cwd: project })).rejects.toMatchObject({
      code: 2,
    });
  });

  it("refuses a size that is no count", async () => {
    const words = ["bench/run.ts", "limits", "--size", "abc"];

    await expect(run(process.execPath, words, { cwd: project })).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--size is "abc"; a whole number from 1 on is allowed'),
    });
  });
});

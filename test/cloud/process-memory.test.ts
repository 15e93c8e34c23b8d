import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "@jest/globals";
import { memoryOfTreeMb } from "../../local/cloud/index.ts";

const started: ChildProcess[] = [];

async function idleProcess(): Promise<number> {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume(); console.log('up')"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  started.push(child);
  if (child.stdout) await once(child.stdout, "data");
  return child.pid as number;
}

const residentMb = (pid: number) =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
});

/** Elsewhere than on Linux no system tells what is shared. */
const tellsShares = existsSync("/proc/self/smaps_rollup");

describe("memory of a tree of processes", () => {
  it("counts what they share once, and what each has to itself in full", async () => {
    const before = await memoryOfTreeMb(process.pid);
    const pids = [await idleProcess(), await idleProcess(), await idleProcess()];
    const alone = await Promise.all(pids.map(memoryOfTreeMb));
    for (const [index, mb] of alone.entries()) {
      expect(mb).toBeGreaterThan(3);
      if (tellsShares) expect(mb).toBeLessThan(residentMb(pids[index] as number) - 20);
    }
    expect(await memoryOfTreeMb(process.pid)).toBeGreaterThan(before);
  });
});

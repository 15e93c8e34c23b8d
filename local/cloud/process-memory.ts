import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Resident memory, in MB, of a process and of all that it has started, directly or not. A page that several of them
 * share (the program itself: 57 MB of each Node process) counts once where the system tells, which is Linux.
 */
export async function memoryOfTreeMb(pid: number): Promise<number> {
  return Math.round((fromProc(pid) ?? (await fromPs(pid))) / 1024);
}

/** Kilobytes, from Linux's own files: asked every second, and no program is started for it. `undefined` elsewhere. */
function fromProc(pid: number): number | undefined {
  if (!existsSync(`/proc/${pid}/task/${pid}/children`)) return undefined;
  let sum = 0;
  const open = [pid];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    try {
      sum += kilobytesOf(id);
      for (const task of readdirSync(`/proc/${id}/task`)) {
        const children = readFileSync(`/proc/${id}/task/${task}/children`, "utf8").trim();
        if (children !== "") open.push(...children.split(" ").map(Number));
      }
    } catch {
      // It ended while we looked.
    }
  }
  return sum;
}

/** The proportional share (Pss): what processes share is divided among them. Resident (Rss) where that is withheld. */
function kilobytesOf(id: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, "utf8"))?.[1] ?? 0);
  } catch {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? 0);
  }
}

/** Kilobytes, where there is no /proc: resident memory. */
async function fromPs(pid: number): Promise<number> {
  const { stdout } = await run("ps", ["-A", "-o", "pid=,ppid=,rss="]);
  const children = new Map<number, number[]>();
  const kilobytes = new Map<number, number>();
  for (const line of stdout.trim().split("\n")) {
    const [id = 0, parent = 0, resident = 0] = line.trim().split(/\s+/).map(Number);
    kilobytes.set(id, resident);
    children.set(parent, [...(children.get(parent) ?? []), id]);
  }
  let sum = 0;
  const open = [pid];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    sum += kilobytes.get(id) ?? 0;
    open.push(...(children.get(id) ?? []));
  }
  return sum;
}

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Resident memory, in MB, of a process and of all that it has started, directly or not. */
export async function memoryOfTreeMb(pid: number): Promise<number> {
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
  return Math.round(sum / 1024);
}

import { execFileSync } from "node:child_process";

/**
 * Kills all that a process has started, and what those started (SIGKILL): the last resort, when an orderly end took
 * too long. Children that nobody waits for would hold the port.
 */
export function killDescendants(pid: number): void {
  for (const descendant of descendantsOf(pid)) {
    try {
      process.kill(descendant, "SIGKILL");
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

/** Ids of all running processes below `pid`, children before grandchildren. Empty where `ps` is not to be had. */
export function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const [child, parent] of listProcesses()) {
    const siblings = children.get(parent);
    if (siblings) siblings.push(child);
    else children.set(parent, [child]);
  }
  const found: number[] = [];
  const open = [pid];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    const below = children.get(parent) ?? [];
    found.push(...below);
    open.push(...below);
  }
  return found;
}

function listProcesses(): [pid: number, parent: number][] {
  try {
    const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8", timeout: 500 });
    return table
      .trim()
      .split("\n")
      .map((row) => row.trim().split(/\s+/).map(Number))
      .flatMap(([pid, parent]) => (pid !== undefined && parent !== undefined ? [[pid, parent]] : []));
  } catch {
    return [];
  }
}

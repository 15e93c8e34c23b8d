import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Linux counts in hundredths of a second. (proc(5), `sysconf(_SC_CLK_TCK)`) */
const microsPerTick = 10_000;

/** CPU microseconds so far, by a name that `nameOf` gave. */
export type CpuByName = Readonly<Record<string, number>>;

/** What a thread is known by: the command line of its process, and its own name. */
export interface ThreadNames {
  /** The program and its arguments, joined by spaces. */
  readonly command: string;
  /** Node calls its main thread `MainThread` or `node`, and each worker as it was told, else `WorkerThread`. */
  readonly thread: string;
}

/**
 * User and system time of a process and all that it has started, summed by the names that `nameOf` gives their threads.
 * Threads that have ended are not in it. `undefined` where there is no /proc.
 */
export function cpuOfTree(pid: number, nameOf: (names: ThreadNames) => string): CpuByName | undefined {
  if (!existsSync("/proc/self/task")) return undefined;
  const parents = new Map(processes().map((id) => [id, parentOf(id)]));
  const sums: Record<string, number> = {};
  for (const id of parents.keys()) {
    if (!isUnder(id, pid, parents)) continue;
    for (const { thread, ticks } of threadsOf(id)) {
      const name = nameOf({ command: read(`/proc/${id}/cmdline`).replaceAll("\0", " ").trim(), thread });
      sums[name] = (sums[name] ?? 0) + ticks * microsPerTick;
    }
  }
  return sums;
}

function processes(): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function isUnder(id: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = id; at !== undefined && at > 0; at = parents.get(at)) {
    if (at === root) return true;
  }
  return false;
}

function parentOf(id: number): number {
  return Number(fieldsOf(`/proc/${id}/stat`).fields[1] ?? 0);
}

function threadsOf(id: number): readonly { readonly thread: string; readonly ticks: number }[] {
  let tasks: readonly string[];
  try {
    tasks = readdirSync(`/proc/${id}/task`);
  } catch {
    return [];
  }
  return tasks.map((task) => {
    const { name, fields } = fieldsOf(`/proc/${id}/task/${task}/stat`);
    return { thread: name, ticks: Number(fields[11] ?? 0) + Number(fields[12] ?? 0) };
  });
}

/** `pid (name) state ppid …`: the name may have spaces and brackets in it. `fields` begin with the state. */
function fieldsOf(file: string): { readonly name: string; readonly fields: readonly string[] } {
  const text = read(file);
  const [open, close] = [text.indexOf("("), text.lastIndexOf(")")];
  return { name: text.slice(open + 1, close), fields: text.slice(close + 2).split(" ") };
}

/** What ended meanwhile has used nothing. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { delimiter, join } from "node:path";

/** The project's folder. */
export const project = join(import.meta.dirname, "../..");

/** What a child process left behind. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

const running = new Set<ChildProcess>();
const graceMs = 2_000;

/**
 * Runs `node` with `args` in the project's folder. `show` passes its output on as it comes; otherwise it is kept
 * and answered. `hear` gets what the child sends over its IPC channel.
 */
export function runNode(
  args: readonly string[],
  { show = false, hear }: { show?: boolean; hear?: (message: unknown) => void } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const output: Buffer[] = [];
    const stream = show ? "inherit" : "pipe";
    const child = spawn(process.execPath, args, {
      cwd: project,
      // A group of its own, so that stopping it stops what it started as well.
      detached: true,
      stdio: ["ignore", stream, stream, ...(hear ? (["ipc"] as const) : [])],
      env: {
        // Tests start node some hundreds of times, mostly on the same files: what is stripped and compiled once does for all.
        NODE_COMPILE_CACHE: join(project, ".cache/compile"),
        ...process.env,
        PATH: [join(project, "node_modules/.bin"), process.env.PATH].join(delimiter),
      },
    });
    running.add(child);
    child.stdout?.on("data", (chunk) => output.push(chunk));
    child.stderr?.on("data", (chunk) => output.push(chunk));
    if (hear) child.on("message", hear);
    const end = (code: number) => {
      running.delete(child);
      resolve({ code, output: Buffer.concat(output).toString() });
    };
    child.once("error", (error) => {
      output.push(Buffer.from(`${error}\n`));
      end(1);
    });
    child.once("close", (code) => end(code ?? 1));
  });
}

/** Ends every child and what it started: first asks, then insists. */
export async function stopChildren(): Promise<void> {
  const ends = [...running].map((child) => new Promise<void>((gone) => child.once("close", () => gone())));
  const tell = (signal: NodeJS.Signals) => {
    for (const { pid } of running) {
      if (pid === undefined) continue;
      try {
        process.kill(-pid, signal);
      } catch {
        // The group is gone already.
      }
    }
  };
  tell("SIGTERM");
  const insist = setTimeout(() => tell("SIGKILL"), graceMs);
  await Promise.all(ends);
  clearTimeout(insist);
}

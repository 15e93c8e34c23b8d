import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A server of a drill, in a process of its own. */
export interface BesideServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a script that prints the address where it listens as its first line, and ends when its standard input does: so
 * it ends with this process, also when that is killed.
 */
export async function startBeside({
  script,
  words = [],
}: {
  readonly script: URL;
  readonly words?: readonly string[];
}): Promise<BesideServer> {
  const child = spawn(process.execPath, [fileURLToPath(script), ...words], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const [line] = await Promise.race([
    once(child.stdout, "data"),
    ended.then(() => Promise.reject(new Error(`${script.pathname} ended before it listened`))),
  ]);
  return {
    url: String(line).trim(),
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

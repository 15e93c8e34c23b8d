import { execFileSync } from "node:child_process";

/** One message for a port that is taken: by whom, as far as this machine tells, and what to do. */
export function describeTakenPort(port: number): string {
  const owner = findPortOwner(port);
  const by = owner === undefined ? "by another program" : `by ${owner.command} (process ${owner.pid})`;
  const end = owner === undefined ? "end that program" : `end it (kill ${owner.pid})`;
  return `port ${port} is taken ${by}: ${end}, or choose another port with --port ${port + 1} (0 takes any free one)`;
}

/** Who listens on a port of this machine, by `lsof` or `ss`, whichever is there; `undefined` when neither can tell. */
export function findPortOwner(port: number): { pid: number; command: string } | undefined {
  const listed = run("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"]);
  const pid = listed?.match(/^p(\d+)$/m)?.[1];
  if (pid !== undefined)
    return { pid: Number(pid), command: describe(pid) ?? listed?.match(/^c(.+)$/m)?.[1] ?? "a program" };
  const sockets = run("ss", ["-Hltnp", `sport = :${port}`]);
  const found = sockets?.match(/\("([^"]+)",pid=(\d+)/);
  if (found?.[1] === undefined || found[2] === undefined) return undefined;
  return { pid: Number(found[2]), command: describe(found[2]) ?? found[1] };
}

/** The command line, short enough for a sentence. */
function describe(pid: string): string | undefined {
  const line = run("ps", ["-o", "args=", "-p", pid])?.trim();
  if (!line) return undefined;
  const text = line.replaceAll(/\p{Cc}/gu, " ");
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}

function run(command: string, parameters: readonly string[]): string | undefined {
  try {
    return execFileSync(command, parameters, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 2_000,
    });
  } catch {
    return undefined;
  }
}

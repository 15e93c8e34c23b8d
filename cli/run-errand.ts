import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import type { LocalCloud } from "../local/cloud/index.ts";
import { machineEnvironment } from "../local/machine-environment.ts";
import { OmnibusError } from "../src/errors.ts";

/** The variables with which any AWS SDK or CLI speaks to a local cloud. */
export function cloudVariables({
  endpoint,
  region,
}: Pick<LocalCloud, "endpoint" | "region">): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
}

/**
 * Runs a shell command in a project's folder, against a running cloud: its AWS variables are set, and the programs in
 * `node_modules/.bin` are found. Each line that it writes goes to `say`.
 *
 * Throws `OmnibusError` (`errand-failed`) when it ends with something else than 0. An abort ends it.
 */
export async function runErrand({
  cloud,
  command,
  directory,
  say,
  signal,
}: {
  readonly cloud: Pick<LocalCloud, "endpoint" | "region">;
  readonly command: string;
  readonly directory: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<void> {
  const inherited = machineEnvironment();
  const bin = join(directory, "node_modules", ".bin");
  const child = spawn(command, {
    cwd: directory,
    shell: true,
    // A group of its own, so that what the shell has started ends with it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    // A profile would win over the keys that are set here, and lead to the real cloud's.
    env: {
      ...inherited,
      AWS_PROFILE: undefined,
      AWS_SESSION_TOKEN: undefined,
      ...cloudVariables(cloud),
      PATH: `${bin}${delimiter}${inherited.PATH ?? ""}`,
    },
  });
  const end = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
    } catch {
      // It has ended by itself.
    }
  };
  signal.addEventListener("abort", end, { once: true });
  const rests = [child.stdout, child.stderr].map((stream) => {
    let rest = "";
    stream.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) say(line);
    });
    return () => rest;
  });
  const ended = await new Promise<number | string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, killed) => resolve(code ?? killed ?? "no exit code"));
  });
  signal.removeEventListener("abort", end);
  for (const rest of rests) if (rest() !== "") say(rest());
  if (ended === 0 || signal.aborted) return;
  throw new OmnibusError(
    "errand-failed",
    `${JSON.stringify(command)} ended with ${ended}: what it wrote stands above`,
  );
}

import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/**
 * Has a separate process read the effects and dead letters back: a script that takes endpoint and region, and prints what it
 * found as one line of JSON. Throws with what it said when it fails; ended with
 * the `signal`.
 */
export async function askWitness<Readings>({
  script,
  endpoint,
  region,
  signal,
  words = [],
}: {
  readonly script: URL;
  readonly endpoint: string;
  readonly region: string;
  readonly signal: AbortSignal;
  /** What it is told besides. */
  readonly words?: readonly string[];
}): Promise<Readings> {
  const program = [fileURLToPath(script), "--endpoint", endpoint, "--region", region, ...words];
  const child = spawn(process.execPath, program, {
    stdio: ["ignore", "pipe", "pipe"],
    signal,
    killSignal: "SIGKILL",
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const [code, output, complaint] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0)
    throw new Error(`the results could not be read back (exit code ${code}):\n${complaint.trim()}`);
  return JSON.parse(output) as Readings;
}

import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Readings } from "./readings.ts";

const script = fileURLToPath(new URL("./verify.ts", import.meta.url));

/**
 * Has a separate process read the effects and dead letters back. Throws with what it said when it fails; ended with
 * the `signal`.
 */
export async function askWitness({
  endpoint,
  region,
  signal,
}: {
  readonly endpoint: string;
  readonly region: string;
  readonly signal: AbortSignal;
}): Promise<Readings> {
  const child = spawn(process.execPath, [script, "--endpoint", endpoint, "--region", region], {
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

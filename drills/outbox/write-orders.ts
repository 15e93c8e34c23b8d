import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { programEnvironment, seededChance } from "../frame/index.ts";
import { crashPointIn } from "./crash-point.ts";

const points = ["before", "during", "after"] as const;

/**
 * Has all orders written by one writer after the other: each but the last is killed with SIGKILL at the crash point that it was
 * given, and the next one begins where it had said that all is written. Answers how many were killed; throws with what a
 * writer said that failed.
 */
export async function writeOrders({
  script,
  words: told = [],
  endpoint,
  region,
  placed,
  kills,
  signal,
  onWritten,
}: {
  /** The writer's program. */
  readonly script: URL;
  /** What it is told besides. */
  readonly words?: readonly (string | number)[];
  readonly endpoint: string;
  readonly region: string;
  readonly placed: number;
  readonly kills: number;
  readonly signal: AbortSignal;
  readonly onWritten: (written: number) => void;
}): Promise<number> {
  const chance = seededChance(20261127);
  const between = placed / (kills + 1);
  let written = 0;
  let killed = 0;
  while (written < placed && !signal.aborted) {
    const crash = Math.floor((killed + 0.25 + 0.75 * chance()) * between);
    const point = points[killed % points.length] ?? "after";
    const isLast = killed >= kills;
    const words = [endpoint, region, written, placed, point, isLast ? -1 : Math.max(written, crash), ...told];
    const child = spawn(process.execPath, [fileURLToPath(script), ...words.map(String)], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...programEnvironment({ endpoint, region }) },
      signal,
      killSignal: "SIGKILL",
    });
    let complaint = "";
    child.stderr.on("data", (chunk) => {
      complaint += chunk;
    });
    const ended = new Promise<number | null>((resolve) => {
      child.once("error", () => resolve(null));
      child.once("close", resolve);
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const upTo = /^written up to (\d+)$/.exec(line)?.[1];
      if (upTo !== undefined) {
        written = Math.max(written, Number(upTo));
        onWritten(written);
      } else if (crashPointIn(line) && child.kill("SIGKILL")) {
        killed += 1;
      }
    }
    const code = await ended;
    if (code !== 0 && code !== null)
      throw new Error(`a writer ended with ${code}: ${complaint.slice(0, 2_000)}`);
  }
  return killed;
}

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { programEnvironment } from "./program-environment.ts";

const bus = fileURLToPath(new URL("../../bin/bus.ts", import.meta.url));

/** A command of `bus`, running. */
export interface BusCommand {
  kill(): void;
  /** Its exit code; `null` when it was killed. */
  readonly ended: Promise<number | null>;
  /** What it has said, on either stream. */
  said(): string;
  /** What it has said on standard output. */
  printed(): string;
}

/** Starts `bus` with these words as a person would, against the drill's cloud. */
export function startBus(
  words: readonly string[],
  {
    endpoint,
    region,
    signal,
  }: { readonly endpoint: string; readonly region: string; readonly signal: AbortSignal },
): BusCommand {
  const child: ChildProcess = spawn(process.execPath, [bus, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...programEnvironment({ endpoint, region }) },
    signal,
    killSignal: "SIGKILL",
  });
  let said = "";
  let printed = "";
  child.stdout?.on("data", (chunk) => {
    printed += chunk;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      said += chunk;
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", resolve);
  });
  return { kill: () => child.kill("SIGKILL"), ended, said: () => said, printed: () => printed };
}

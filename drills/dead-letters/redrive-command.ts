import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { programEnvironment } from "../frame/index.ts";
import { consumer } from "./names.ts";

const bus = fileURLToPath(new URL("../../bin/bus.ts", import.meta.url));

/** `bus dlq redrive`, running. */
export interface RedriveCommand {
  kill(): void;
  /** Its exit code; `null` when it was killed. */
  readonly ended: Promise<number | null>;
  /** What it has said. */
  said(): string;
}

/** Starts it as a person would, on one group. */
export function startRedrive({
  endpoint,
  region,
  group,
  rate,
  signal,
}: {
  readonly endpoint: string;
  readonly region: string;
  readonly group: string;
  readonly rate: number;
  readonly signal: AbortSignal;
}): RedriveCommand {
  const words = [
    "dlq",
    "redrive",
    consumer.name,
    "--group",
    group,
    "--rate",
    String(rate),
    "--yes",
    "--json",
  ];
  const child: ChildProcess = spawn(process.execPath, [bus, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...programEnvironment({ endpoint, region }) },
    signal,
    killSignal: "SIGKILL",
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      said += chunk;
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", resolve);
  });
  return { kill: () => child.kill("SIGKILL"), ended, said: () => said };
}

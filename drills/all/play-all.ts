import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../src/clock.ts";
import type { FullSize } from "./full-size.ts";

const bus = fileURLToPath(new URL("../../bin/bus.ts", import.meta.url));

/** What became of one drill. */
export interface Played {
  readonly name: string;
  readonly pass: boolean;
  readonly seconds: number;
  /** Its own result; `undefined` where it ended without one. */
  readonly result: Readonly<Record<string, unknown>> | undefined;
}

/** The reason of a `signal` whose drill knows by itself that it has to end. */
export const toldAlready = Symbol("told already");

/**
 * Plays drills one after the other, each as a command of its own, and answers what became of them: of those that were ended by
 * the `signal`, nothing. A drill passes when its command ends with 0 and its result says so. Its progress goes to
 * standard error.
 */
export async function playAll(
  drills: readonly FullSize[],
  {
    signal,
    onDrill = () => {},
    program = [bus, "drill"],
  }: {
    readonly signal: AbortSignal;
    readonly onDrill?: (name: string, nth: number) => void;
    /** What Node runs, with the drill's words behind. @default bin/bus.ts drill */
    readonly program?: readonly string[];
  },
): Promise<readonly Played[]> {
  const played: Played[] = [];
  for (const [nth, { name, words }] of drills.entries()) {
    if (signal.aborted) break;
    onDrill(name, nth);
    const beganMs = systemClock.nowMs();
    const { code, result } = await playOne([...program, ...words, "--json"], signal);
    if (signal.aborted) break;
    // The orders drill says `agree`.
    const pass = code === 0 && (result?.pass ?? result?.agree) === true;
    played.push({ name, pass, seconds: Math.round((systemClock.nowMs() - beganMs) / 100) / 10, result });
  }
  return played;
}

/** Ends with its exit code and the last line of its standard output. Aborted, it is told so as by Ctrl-C, and waited for. */
async function playOne(
  words: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly code: number | null; readonly result: Played["result"] }> {
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  const end = () => signal.reason === toldAlready || child.kill("SIGINT");
  signal.addEventListener("abort", end);
  let last = "";
  let held = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (held + chunk).split("\n");
    held = lines.pop() ?? "";
    last = lines.findLast((line) => line.trim() !== "") ?? last;
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject).once("close", resolve);
    });
    return { code, result: objectIn(held.trim() === "" ? last : held) };
  } finally {
    signal.removeEventListener("abort", end);
  }
}

function objectIn(line: string): Played["result"] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Played["result"]) : undefined;
  } catch {
    // It ended before it had a result.
    return undefined;
  }
}

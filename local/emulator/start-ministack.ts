import type { ChildProcess } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, startGuarded } from "../tools/index.ts";
import { EmulatorError } from "./emulator-error.ts";

const keptCharacters = 20_000;
const attempts = 3;

/** MiniStack, listening. */
export interface MiniStack {
  readonly endpoint: string;
  /** The end of what it has said. */
  output(): string;
  stop(): Promise<void>;
}

/**
 * Starts MiniStack on a free port of 127.0.0.1, with a folder of its own for all it writes. It, its functions and its
 * folder go with this process, also when this process is killed.
 */
export async function startMiniStack({
  python,
  environmentAt,
}: {
  /** The interpreter that has it. */
  readonly python: string;
  /** The environment for it and its functions, when it listens at `endpoint`. */
  readonly environmentAt: (endpoint: string) => Readonly<Record<string, string>>;
}): Promise<MiniStack> {
  let said = "";
  // The port is chosen here and taken there: another program may come between, so try again.
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    const folder = mkdtempSync(join(tmpdir(), `omnibus-emulator-${process.pid}-`));
    const child = startGuarded(python, ["-m", "ministack"], {
      remove: folder,
      directory: folder,
      environment: {
        ...environmentAt(endpoint),
        GATEWAY_PORT: String(port),
        BIND_HOST: "127.0.0.1",
        MINISTACK_HOST: "127.0.0.1",
        TMPDIR: folder,
        STATE_DIR: join(folder, "state"),
        PYTHONUNBUFFERED: "1",
      },
    });
    said = "";
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-keptCharacters);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    if (await untilListening(child, () => said))
      return { endpoint, output: () => said, stop: () => end(child) };
    await end(child);
  }
  throw new EmulatorError(
    "emulator-start",
    `MiniStack did not start:\n${said.trim() || "it ended without a word"}`,
  );
}

function untilListening(child: ChildProcess, said: () => string): Promise<boolean> {
  return new Promise((resolve) => {
    const look = () => {
      if (said().includes("Running on http://")) resolve(true);
    };
    child.stdout?.on("data", look);
    child.stderr?.on("data", look);
    child.once("error", () => resolve(false));
    child.once("exit", () => resolve(false));
  });
}

const ends = new WeakMap<ChildProcess, Promise<void>>();

/** Closing the guard's standard input ends the program, what it started, and the guard; then its pipes close. */
function end(child: ChildProcess): Promise<void> {
  let ended = ends.get(child);
  if (ended === undefined) {
    ended = new Promise((resolve) => child.once("close", () => resolve()));
    ends.set(child, ended);
    child.stdin?.end();
  }
  return ended;
}

import { existsSync, readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { delayed } from "./commands/delayed.ts";
import { dlq } from "./commands/dlq.ts";
import { doctor } from "./commands/doctor.ts";
import { drill } from "./commands/drill.ts";
import { guards } from "./commands/guards.ts";
import { lag } from "./commands/lag.ts";
import { local } from "./commands/local.ts";
import { newGroup } from "./commands/new.ts";
import { outbox } from "./commands/outbox.ts";
import { pause } from "./commands/pause.ts";
import { plan } from "./commands/plan.ts";
import { publish } from "./commands/publish.ts";
import { query } from "./commands/query.ts";
import { reconcile } from "./commands/reconcile.ts";
import { replay } from "./commands/replay.ts";
import { resume } from "./commands/resume.ts";
import { status } from "./commands/status.ts";
import { tail } from "./commands/tail.ts";
import { trace } from "./commands/trace.ts";
import { killDescendants } from "./descendants.ts";
import { watchInterrupts } from "./interrupts.ts";
import { runProgram } from "./program.ts";
import { createTerminal } from "./terminal.ts";

/**
 * The whole command line: reads the process's words, runs what they name and ends the process with its exit code.
 * This is the one place that ends it.
 */
export async function main(process: NodeJS.Process): Promise<void> {
  // A reader that went away (`bus … | head`) is no error of ours, and no reason to leave half-done what changes something.
  const unread = new AbortController();
  process.stdout.on("error", () => unread.abort());
  process.stderr.on("error", () => undefined);
  const interrupts = watchInterrupts({ process, end: (code) => process.exit(code) });
  const terminal = createTerminal({
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    directory: process.cwd(),
    startedAtMs: performance.timeOrigin,
    signal: interrupts.signal,
    unread: unread.signal,
  });
  const code = await runProgram(
    {
      version: readVersion(),
      commands: [
        newGroup,
        local,
        doctor,
        status,
        lag,
        publish,
        tail,
        query,
        trace,
        pause,
        resume,
        dlq,
        outbox,
        delayed,
        replay,
        reconcile,
        plan,
        guards,
        ...(hasDrills() ? [drill] : []),
      ],
    },
    process.argv.slice(2),
    terminal,
  );
  await new Promise((resolve) => process.stdout.write("", resolve));
  // What was interrupted while it started something may have left it running.
  if (interrupts.code() !== undefined) killDescendants(process.pid);
  process.exit(interrupts.code() ?? code);
}

/** Drills come with the project, not with the package. */
function hasDrills(): boolean {
  return existsSync(new URL("../drills/", import.meta.url));
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return (manifest as { version: string }).version;
}

import { type Clock, systemClock, uuidv7 } from "../src/clock.ts";
import type { ReplayJob, ReplayParts } from "../src/replay/index.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { progressLine } from "./progress-line.ts";
import { progressText, resultText } from "./replay-text.ts";
import type { Terminal } from "./terminal.ts";

/** Runs a replay while telling how far it is, and sums up. Ctrl-C stops it where it can be gone on with. */
export async function runShown(
  terminal: Terminal,
  {
    id,
    parts,
    json,
    about,
    clock = systemClock,
  }: {
    readonly id: string;
    readonly parts: ReplayParts;
    readonly json: boolean;
    /** For programs: what stands beside the result. */
    readonly about: Readonly<Record<string, unknown>>;
    readonly clock?: Clock;
  },
): Promise<ExitCode> {
  const { runReplay } = await import("../src/replay/index.ts");
  const line = progressLine(terminal);
  terminal.say(`replay ${id}: Ctrl-C stops it, bus replay resume ${id} goes on`);
  const job = await runReplay({
    ...parts,
    id,
    owner: uuidv7(clock),
    signal: terminal.signal,
    onProgress: (now) => line.show(progressText(now)),
  }).finally(() => line.end());
  if (json) terminal.printJson({ ...about, replay: job });
  terminal[json ? "say" : "print"](resultText(job));
  return replayCode(job);
}

/** How a command ends that has run a replay. */
export function replayCode({ state, counts }: Pick<ReplayJob, "state" | "counts">): ExitCode {
  return state === "done" && counts.refused === 0 ? exitCodes.done : exitCodes.partial;
}

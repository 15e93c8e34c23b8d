import { type Clock, systemClock } from "../src/clock.ts";
import type { CallMember, ReplayJob, ReplayStore } from "../src/replay/index.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { progressLine } from "./progress-line.ts";
import { progressText, resultText, stateText } from "./replay-text.ts";
import { replayCode } from "./run-shown.ts";
import type { Terminal } from "./terminal.ts";

/** Has a replay's fleet begin, tells how far it is, and sums up. Ctrl-C ends the watching alone. */
export async function fleetShown(
  terminal: Terminal,
  {
    job: { id, fleet },
    store,
    callMember,
    json,
    about,
    clock = systemClock,
  }: {
    readonly job: ReplayJob;
    readonly store: ReplayStore;
    readonly callMember: CallMember;
    readonly json: boolean;
    /** For programs: what stands beside the result. */
    readonly about: Readonly<Record<string, unknown>>;
    readonly clock?: Clock;
  },
): Promise<ExitCode> {
  const { startFleet, watchFleet } = await import("../ops/replay/index.ts");
  await startFleet(callMember, { id, fleet });
  terminal.say(
    `replay ${id}: ${fleet?.members} functions are at it, in ${fleet?.parts} parts; Ctrl-C leaves them to it, bus replay cancel ${id} ends it`,
  );
  const line = progressLine(terminal);
  const { job, heldUntilMs } = await watchFleet({
    ...{ store, id, clock, signal: terminal.signal },
    onProgress: (now) => line.show(progressText(now.job)),
  }).finally(() => line.end());
  const isHeld = heldUntilMs > clock.nowMs();
  const told = { ...job, state: stateText(job, isHeld) };
  if (json) terminal.printJson({ ...about, replay: told });
  terminal[json ? "say" : "print"](resultText(told));
  if (isHeld) terminal.say(`it goes on in the cloud: bus replay status ${id}`);
  return job.state === "done" ? replayCode(job) : exitCodes.partial;
}

import { type Clock, sleep, systemClock } from "../../src/clock.ts";

/** A process that has said where it is, and waits to be killed. */
export interface CrashPoint {
  readonly name: string;
  readonly pid: number;
}

/** What whoever watches takes to kill it, with time to spare; not killed, the process goes on. */
const waitMs = 1_000;
const mark = "crash point: ";

/** Says that this process is at a crash point, and waits a moment to be killed there. */
export async function atCrashPoint(name: string, clock: Clock = systemClock): Promise<void> {
  console.log(`${mark}${name} pid ${process.pid}`);
  await sleep(clock, waitMs);
}

/** The crash point that a line tells of. */
export function crashPointIn(line: string): CrashPoint | undefined {
  const [, name, pid] = /crash point: ([a-z-]+) pid (\d+)/.exec(line) ?? [];
  return name === undefined ? undefined : { name, pid: Number(pid) };
}

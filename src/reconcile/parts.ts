import type { FanOut, Look, Progress, ReconcileStore, Remembered } from "./state.ts";

/** A part of a job to compare; without `fan` and `part`: the job itself, to be gone on with. */
export interface PartMessage {
  readonly v: 1;
  readonly job: string;
  /** Which handing out it belongs to. */
  readonly fan?: string | undefined;
  /** Which of its parts, from 0 on. */
  readonly part?: number | undefined;
}

/** Where parts are handed out: to as many workers as there are. */
export interface PartQueue {
  /**
   * Sends all of them, each at least once, in any order. Throws when some may not have been taken: all are then sent again
   * sometime, which does no harm.
   */
  send(messages: readonly PartMessage[]): Promise<void>;
}

/** What a part's lease and progress are kept under. */
export function partName(job: string, fan: string, part: number): string {
  return `${job}/${fan}/${part}`;
}

/** The names of all parts of a job, in order. */
export function partNames(job: string, { id, parts }: FanOut): readonly string[] {
  return parts.map((_, part) => partName(job, id, part));
}

/** Whether a part was compared, all of it. */
export function isCompared(part: Look, progress: Progress | undefined): boolean {
  return progress !== undefined && progress.comparedToMs >= part.toMs && (progress.rest ?? []).length === 0;
}

/** A part that was begun so often without coming further is given up: its spans are then unknown. */
export const maxTries = 5;

/** What became of a part so far. */
export function stateOfPart(
  part: Look,
  { progress, heldUntilMs }: Remembered,
  nowMs: number,
): "compared" | "held" | "given-up" | "waiting" {
  if (isCompared(part, progress)) return "compared";
  if (heldUntilMs !== undefined && heldUntilMs > nowMs) return "held";
  return (progress?.part?.tries ?? 0) >= maxTries ? "given-up" : "waiting";
}

/** How many parts of a job are compared, of those that are handed out now; `undefined`: none are. */
export async function partsDone(
  job: string,
  store: ReconcileStore,
  nowMs: number,
): Promise<{ readonly done: number; readonly of: number } | undefined> {
  const [remembered] = await store.read([job]);
  const fanOut = remembered?.progress?.fanOut;
  if (!fanOut) return undefined;
  const states = await store.read(partNames(job, fanOut));
  const done = fanOut.parts.filter((part, at) => {
    const state = states[at];
    return state !== undefined && stateOfPart(part, state, nowMs) === "compared";
  });
  return { done: done.length, of: fanOut.parts.length };
}

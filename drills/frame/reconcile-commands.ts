import { sleep, systemClock } from "../../src/clock.ts";
import type { RepairPlan, ShortReport } from "../../src/reconcile/index.ts";
import type { Stage } from "../ports.ts";
import { startBus } from "./bus-command.ts";

/** Where the commands go. */
export interface CommandPlace {
  readonly endpoint: string;
  readonly region: string;
  readonly signal: AbortSignal;
}

/** Tries of a command whose function was killed under it, and the time between two of them. */
const mostTries = 40;
const betweenMs = 3_000;

/** One `bus reconcile run` as a person types it. `undefined`: it ended without a report, as its function was killed. */
export async function runOnce(job: string, place: CommandPlace): Promise<ShortReport | undefined> {
  const command = startBus(["reconcile", "run", job, "--json"], place);
  await command.ended;
  return lastJson<{ readonly report: ShortReport }>(command.said())?.report;
}

/** Runs a job until a report says what is waited for. Throws when none does. */
export async function runUntil(
  job: string,
  isEnough: (report: ShortReport) => boolean,
  place: CommandPlace,
): Promise<ShortReport> {
  let last: ShortReport | undefined;
  for (let tries = 0; tries < mostTries && !place.signal.aborted; tries++) {
    last = (await runOnce(job, place)) ?? last;
    if (last && !last.unfinished && isEnough(last)) return last;
    await sleep(systemClock, betweenMs, place.signal);
  }
  throw new Error(`${job} did not come to an end: ${JSON.stringify(last)}`);
}

/** Plans what is left and has the plan applied, again and again until all of it is done. */
export async function planAndApply(
  job: string,
  stage: Pick<Stage, "say">,
  place: CommandPlace,
): Promise<void> {
  for (let tries = 0; tries < mostTries && !place.signal.aborted; tries++) {
    const planning = startBus(["reconcile", "plan", job, "--json"], place);
    await planning.ended;
    const plan = lastJson<{ readonly plan: RepairPlan }>(planning.said())?.plan;
    if (plan?.items.every(({ how }) => how.do === "tell")) return;
    if (plan) {
      stage.say(`plan ${plan.id}: ${plan.items.length} differences; applying it …`);
      const applying = startBus(["reconcile", "apply", plan.id, "--yes"], place);
      await applying.ended;
      stage.say(applying.said().trim());
      // What is repaired is closed by the next run.
      await runOnce(job, place);
    }
    await sleep(systemClock, betweenMs, place.signal);
  }
  throw new Error(`the plans of ${job} did not come to an end`);
}

function lastJson<Answer>(said: string): Answer | undefined {
  const line = said.split("\n").findLast((text) => text.startsWith("{"));
  if (line === undefined) return undefined;
  try {
    return JSON.parse(line) as Answer;
  } catch {
    // Cut off, or not what was asked for.
    return undefined;
  }
}

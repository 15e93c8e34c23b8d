import type { StoredReplay } from "../ports.ts";
import type { ReplayCounts } from "../replay-job.ts";

const problemsKept = 5;

/**
 * A replay of a fleet as its parts are: their counts together, `running` as long as somebody is at one of them, `done` when all are.
 * `running` with nobody at it: its members were killed.
 */
export function fleetState({ job, heldUntilMs }: StoredReplay, parts: readonly StoredReplay[]): StoredReplay {
  const jobs = parts.map((part) => part.job);
  const sum = (name: keyof ReplayCounts) => jobs.reduce((all, { counts }) => all + counts[name], 0);
  const state = () => {
    if (job.state === "done" || job.state === "cancelled") return job.state;
    if (jobs.length > 0 && jobs.every((part) => part.state === "done")) return "done";
    return jobs.some((part) => part.state === "running") ? "running" : "stopped";
  };
  return {
    job: {
      ...job,
      state: state(),
      counts: { sent: sum("sent"), skipped: sum("skipped"), refused: sum("refused") },
      problems: [...job.problems, ...jobs.flatMap(({ problems }) => problems)].slice(0, problemsKept),
      updatedMs: Math.max(job.updatedMs, ...jobs.map(({ updatedMs }) => updatedMs)),
    },
    heldUntilMs: Math.max(heldUntilMs, ...parts.map((part) => part.heldUntilMs)),
  };
}

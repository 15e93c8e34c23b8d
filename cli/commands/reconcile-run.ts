import type { RunStep } from "../../ops/reconcile/index.ts";
import { systemClock } from "../../src/clock.ts";
import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { loadOps } from "../load-ops.ts";
import { withJobs } from "../open-jobs.ts";
import { plainText } from "../plain-text.ts";
import { progressLine } from "../progress-line.ts";
import { spanText } from "../span-text.ts";

type Ran = RunStep & { readonly step: "ran" };

/** `bus reconcile run`: a run now. */
export const reconcileRun = command({
  name: "run",
  summary: "run a reconciliation now, and follow it to its end",
  details: [
    "Invokes the deployed function, slice by slice; waits for parts that are handed out, and for another run that has the job.",
    "What it may repair by itself it repairs, as on its schedule. Ends with 0 when both sides agree, 3 when they differ, 1 when",
    "something could not be compared.",
    "",
    "Examples:",
    "  bus reconcile run Transfers",
    "  bus reconcile run --json",
  ].join("\n"),
  arguments: { job: { value: "[job]", summary: "which one, where there is more than one" } },
  options: {
    bus: { value: "<name>", summary: "the job's bus, where more than one has it", parse: busName },
    json: { summary: "print the report as one line of JSON, the last on standard output" },
  },
  run: (terminal, { job: name, bus, json }) =>
    withJobs(terminal, async ({ target, calls, by, job: find }) => {
      const { jobTitle, runJob } = await loadOps(() => import("../../ops/reconcile/index.ts"));
      const job = await find(name, bus);
      const line = progressLine(terminal);
      let last: Ran | undefined;
      try {
        for await (const step of runJob(calls, job, { by, signal: terminal.signal })) {
          line.show(plainText(stepText(step)));
          if (step.step === "ran") last = step;
        }
      } finally {
        line.end();
      }
      if (json) terminal.printJson({ target, job: jobTitle(job), ...last });
      else terminal.print(last ? ranText(jobTitle(job), last) : `${jobTitle(job)}: nothing was run`);
      return codeOf(last);
    }),
});

/** How far a run is, in one line. */
function stepText(step: RunStep): string {
  switch (step.step) {
    case "ran":
      return `compared to ${step.report.knownTo}, ${step.report.open.differences} open`;
    case "parts":
      return `${step.done} of ${step.of} parts are compared`;
    case "held": {
      const { untilMs } = step;
      const left = untilMs === undefined ? "" : `, for ${spanText(untilMs - systemClock.nowMs())} at most`;
      return `waiting for another run, which has the job${left}`;
    }
  }
}

/** What a run has come to, for people. */
export function ranText(title: string, { report, reportUrl }: Ran): string {
  const { verdict, found, resolved, repaired, open, unknownSpans, bound, knownTo, repair } = report;
  const classes = Object.entries(open.classes).map(([name, count]) => `${name} ${count}`);
  return [
    `${title}: ${verdict}`,
    `  compared to ${knownTo}; found ${found}, gone ${resolved}, repaired ${repaired}`,
    `  open ${open.differences}${classes.length > 0 ? ` (${classes.join(", ")})` : ""}`,
    ...(unknownSpans > 0
      ? [`  not known: ${unknownSpans} spans; they are compared again by the next run`]
      : []),
    ...(bound.held ? [] : [`  the bound of ${spanText(bound.boundMs)} was not held`]),
    ...(repair.message === undefined ? [] : [`  ${repair.message}`]),
    ...(reportUrl === undefined ? [] : [`  report: ${reportUrl}`]),
  ].join("\n");
}

function codeOf(last: Ran | undefined): ExitCode {
  if (last === undefined) return exitCodes.partial;
  const { verdict, unfinished } = last.report;
  if (verdict === "differ") return exitCodes.failed;
  return verdict === "agree" && !unfinished ? exitCodes.done : exitCodes.partial;
}

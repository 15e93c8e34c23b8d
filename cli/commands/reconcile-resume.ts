import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadOps } from "../load-ops.ts";
import { withJobs } from "../open-jobs.ts";
import { UsageError } from "../usage-error.ts";

/** `bus reconcile resume`: repairs by themselves go on. */
export const reconcileResume = command({
  name: "resume",
  summary: "let a job repair by itself again, after it has stopped because that did not converge",
  details: [
    "A job repairs nothing by itself any more once a difference was repaired twice and is there still. Look at it first",
    "(bus reconcile show), mend the cause, then resume. Who has resumed is written down. In the real cloud it wants --yes.",
    "",
    "Examples:",
    "  bus reconcile resume Transfers",
  ].join("\n"),
  arguments: { job: { value: "<job>", summary: "which one" } },
  options: {
    bus: { value: "<name>", summary: "the job's bus, where more than one has it", parse: busName },
    yes: { summary: "to the real cloud" },
    json: { summary: "print what had stopped it as one line of JSON, the last on standard output" },
  },
  run: (terminal, { job: name, bus, yes, json }) =>
    withJobs(terminal, async ({ target, calls, by, job: find }) => {
      const { jobTitle, resumeJob } = await loadOps(() => import("../../ops/reconcile/index.ts"));
      const job = await find(name, bus);
      if (target.isRealCloud && !yes) {
        throw new UsageError("this is the real cloud: nothing was changed. Give --yes to do it there");
      }
      const was = await resumeJob(calls, job, { by });
      if (json) terminal.printJson({ target, job: jobTitle(job), was });
      else {
        terminal.print(
          was
            ? `${jobTitle(job)} repairs by itself again; it had stopped because ${was.message}`
            : `${jobTitle(job)} was not stopped`,
        );
      }
      return exitCodes.done;
    }),
});

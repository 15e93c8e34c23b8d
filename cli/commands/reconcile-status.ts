import { sleep, systemClock } from "../../src/clock.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { jobText, statusText } from "../job-text.ts";
import { loadOps } from "../load-ops.ts";
import { withJobs } from "../open-jobs.ts";
import { count } from "../option-values.ts";
import { plainText } from "../plain-text.ts";
import { redraw } from "../redraw.ts";

/** `bus reconcile status`: how reconciliations stand. */
export const reconcileStatus = command({
  name: "status",
  summary: "how reconciliations stand: what is open, how old, how far compared, whether the bound was held",
  details: [
    "Reads what is remembered of each job, and its latest report. Changes nothing, and does not invoke its function.",
    "",
    "Examples:",
    "  bus reconcile status",
    "  bus reconcile status Transfers --watch",
  ].join("\n"),
  arguments: { job: { value: "[job]", summary: "one job at length (default: every one)" } },
  options: {
    bus: { value: "<name>", summary: "the jobs of one bus (default: every one)" },
    watch: { summary: "look again and again, until Ctrl-C" },
    every: { value: "<seconds>", summary: "seconds between two looks", parse: count, fallback: 5 },
    json: { summary: "print each look as one line of JSON" },
  },
  run: (terminal, { job, bus, watch, every, json }) =>
    withJobs(terminal, async (opened) => {
      const { jobStatus } = await loadOps(() => import("../../ops/reconcile/index.ts"));
      const jobs = job === undefined ? await opened.jobs(bus) : [await opened.job(job, bus)];
      if (jobs.length === 0) terminal.say("there is no reconciliation here");
      const show = redraw(terminal, watch);
      do {
        const found = await Promise.all(jobs.map((one) => jobStatus(opened.calls, one)));
        const nowMs = systemClock.nowMs();
        const [first] = found;
        if (json) terminal.printJson({ target: opened.target, jobs: found });
        else if (first) {
          show(plainText(job === undefined ? statusText(found, nowMs) : jobText(first, nowMs)));
        }
        if (watch) await sleep(systemClock, every * 1_000, terminal.signal);
      } while (watch && !terminal.signal.aborted);
      return exitCodes.done;
    }),
});

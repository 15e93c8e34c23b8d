import { sleep, systemClock } from "../../src/clock.ts";
import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { deliveryText } from "../delivery-text.ts";
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
    bus: { value: "<name>", summary: "the jobs of one bus (default: every one)", parse: busName },
    watch: { summary: "look again and again, until Ctrl-C" },
    every: { value: "<seconds>", summary: "seconds between two looks", parse: count, fallback: 5 },
    json: { summary: "print each look as one line of JSON" },
  },
  run: (terminal, { job, bus, watch, every, json }) =>
    withJobs(terminal, async (opened) => {
      const { deliveryReports, jobStatus } = await loadOps(() => import("../../ops/reconcile/index.ts"));
      const jobs = job === undefined ? await opened.jobs(bus) : [await opened.job(job, bus)];
      const show = redraw(terminal, watch);
      do {
        const [found, deliveries] = await Promise.all([
          Promise.all(jobs.map((one) => jobStatus(opened.calls, one))),
          job === undefined ? deliveryReports(opened.calls, { bus }) : [],
        ]);
        if (found.length + deliveries.length === 0) terminal.say("there is no reconciliation here");
        const nowMs = systemClock.nowMs();
        const [first] = found;
        if (json) terminal.printJson({ target: opened.target, jobs: found, deliveries });
        else {
          const text = job === undefined || !first ? statusText(found, nowMs) : jobText(first, nowMs);
          show(plainText([...(first ? [text] : []), ...deliveryText(deliveries)].join("\n")));
        }
        if (watch) await sleep(systemClock, every * 1_000, terminal.showing);
      } while (watch && !terminal.showing.aborted);
      return exitCodes.done;
    }),
});
